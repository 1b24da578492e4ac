// Two mugs come back. One is as new, the other is chipped: one goes back on the shelf, one is
// scrapped, and what was paid for both goes back, less the label and the fee of the policy.
//
//   npm start                                                      in one terminal; prints a key
//   KEY=sk_… node scripts/run.mjs examples/return-with-refund.ts   in another

import { ask, say } from './ask.ts'

const row = (what: string, amount: string) => say(`  ${what.padEnd(52)}${amount.padStart(12)}`)
const cents = (text: string) => Math.round(Number(text) * 100)

// The shop keeps a tenth back of what people send back because they changed their minds.
const mark = Date.now().toString(36)
const reason = `regret_${mark}`
await ask('POST /returns/reasons', { code: reason, label: 'Changed their mind' })
await ask('POST /returns/policies', {
  name: 'Changed minds',
  reason_code: reason,
  restocking_fee_rate: '0.1',
  window_days: 60,
})

// An order of three mugs, paid and delivered.
const sku = `CUP-${mark}`
await ask('POST /products', { name: 'Harbour Cup', sku, price: '18.00' })
const { items: places } = await ask('GET /locations?limit=1')
await ask('POST /inventory', { item_number: sku, location_id: places[0].id, quantity_on_hand: 10 })
const customer = await ask('POST /customers', {
  email: `iris.${mark}@example.com`,
  first_name: 'Iris',
  last_name: 'Vale',
})
const order = await ask('POST /orders', {
  customer_id: customer.id,
  items: [{ sku, quantity: 3 }],
})
await ask('POST /payments', {
  order_id: order.id,
  amount: order.total_amount,
  payment_method: 'credit_card',
})
for (const status of ['processing', 'shipped', 'delivered']) {
  await ask(`PUT /orders/${order.id}/status`, { status })
}
const left = async () => (await ask(`GET /inventory/${sku}`)).quantities.available
say(`${order.order_number}: three cups for ${order.total_amount}, ${await left()} on the shelf`)

// Two of them come back.
const wish = { order_id: order.id, reason, items: [{ sku, quantity: 2, condition: 'New' }] }
const asked = await ask('POST /returns', wish)
await ask(`POST /returns/${asked.id}/approve`)
await ask(`POST /returns/${asked.id}/label`, {
  carrier: 'UPS',
  tracking_number: `1Z${mark.toUpperCase()}`,
  amount: '4.20',
  paid_by: 'customer',
})
const here = await ask(`POST /returns/${asked.id}/receive`, { note: 'The box was dented.' })
say(`\n${asked.rma_number} is ${here.status}; nobody has looked at it, so still ${await left()}`)
await ask(`POST /returns/${asked.id}/inspect`, {
  items: [
    { sku, quantity: 1, disposition: 'restock' },
    { sku, quantity: 1, disposition: 'scrap', condition: 'Damaged', note: 'Chipped.' },
  ],
})
say(`One is as new and back for sale, one is chipped: ${await left()} on the shelf`)

// What was paid for them goes back: the same call twice pays once.
const preview = await ask(`POST /returns/${asked.id}/refund/preview`, {})
const key = `return-${asked.id}`
const paid = await ask(`POST /returns/${asked.id}/refund`, {}, key)
const again = await ask(`POST /returns/${asked.id}/refund`, {}, key)
if (again.refund_id !== paid.refund_id) throw new Error('The same return was paid back twice.')
if (paid.refund_amount !== preview.amount) throw new Error('The preview promised another amount.')
say(`\n${asked.rma_number} is ${paid.status}`)
row('paid for two cups', preview.items_amount)
row('restocking, a tenth', `-${preview.restocking_fee_amount}`)
row('the label', `-${preview.label_fee_amount}`)
row('back on the card', paid.refund_amount)
const sum = cents(preview.items_amount) - cents(preview.fee_amount)
if (sum !== cents(paid.refund_amount)) throw new Error('These do not add up.')

// And the shop sees why things come back.
const { rows, rate } = await ask('GET /returns/statistics?by=reason&limit=3')
say(`\n${(Number(rate) * 100).toFixed(1)} % of what left in 30 days came back`)
for (const { label, units } of rows) row(label, `${units} units`)
