// A bowl is too small, and goes back for a larger and dearer one. The shop agrees, which reserves
// the larger one; it leaves when the small one is back. What it costs more is recorded, never
// charged by itself: the customer pays it like any order.
//
//   npm start                                           in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/exchange.ts  in another

import { ask, say } from './ask.ts'

const row = (what: string, amount: string) => say(`  ${what.padEnd(52)}${amount.padStart(12)}`)

// A small bowl, sold and delivered; one large one on the shelf.
const mark = Date.now().toString(36).toUpperCase()
const { items: places } = await ask('GET /locations?limit=1')
for (const [sku, price, quantity_on_hand] of [
  [`BOWL-${mark}-S`, '24.00', 5],
  [`BOWL-${mark}-L`, '31.00', 1],
] as const) {
  await ask('POST /products', { name: `Tide Bowl ${sku.slice(-1)}`, sku, price })
  await ask('POST /inventory', { item_number: sku, location_id: places[0].id, quantity_on_hand })
}
const customer = await ask('POST /customers', {
  email: `noor.${mark.toLowerCase()}@example.com`,
  first_name: 'Noor',
  last_name: 'Hale',
})
const order = await ask('POST /orders', {
  customer_id: customer.id,
  items: [{ sku: `BOWL-${mark}-S`, quantity: 1 }],
})
const pay = (order_id: string, amount: string) =>
  ask('POST /payments', { order_id, amount, payment_method: 'credit_card' })
await pay(order.id, order.total_amount)
for (const status of ['processing', 'shipped', 'delivered']) {
  await ask(`PUT /orders/${order.id}/status`, { status })
}

// The exchange: what it will come to is known at once.
const exchange = await ask('POST /exchanges', {
  order_id: order.id,
  reason: 'Too small.',
  new_items: [{ sku: `BOWL-${mark}-L`, quantity: 1 }],
})
say(`${exchange.exchange_number} for ${order.order_number}`)
row('goes out', exchange.value_out)
row('comes back', `-${exchange.value_in}`)
row(exchange.balance_is, exchange.balance)

// Agreed: the last large bowl is reserved in the same moment, and waits for the small one.
const agreed = await ask(`POST /exchanges/${exchange.id}/approve`)
const goods = () => ask(`GET /orders/${agreed.new_order_id}`)
const stock = await ask(`GET /inventory/BOWL-${mark}-L`)
say(`\nAgreed: ${stock.quantities.available} large bowls are left for others,`)
say(`and ${(await goods()).order_number} is ${(await goods()).status}`)
if (Number(stock.quantities.available) !== 0) throw new Error('Nothing was reserved.')

// The small one arrives as new; its worth pays for the large one as far as it reaches.
await ask(`POST /returns/${exchange.return.id}/restock`)
const settled = await ask(`POST /exchanges/${exchange.id}/settle`)
say(`\nBack and settled: ${settled.balance} ${settled.balance_is}, nothing was charged`)
if (settled.status !== 'settled') throw new Error('Somebody was charged.')
await pay(agreed.new_order_id, settled.balance)

const over = await ask(`GET /exchanges/${exchange.id}`)
const { order_number, status, payment_status } = await goods()
say(
  `Paid: ${over.exchange_number} is ${over.status}; ${order_number} is ${status}, ${payment_status}`,
)
if (over.status !== 'completed' || status !== 'confirmed') throw new Error('It cannot leave.')
