// A day of somebody who works in the shop: an import with mistakes in it, a sale, a coupon for the
// new things, money back for one unit, and the figures of the day.
//
//   npm start                                             in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/staff-day.ts   in another

import { setTimeout as sleep } from 'node:timers/promises'
import { ask, say } from './ask.ts'

const row = (what: string, amount: string) => say(`  ${what.padEnd(52)}${amount.padStart(12)}`)
const cents = (text: string) => Math.round(Number(text) * 100)

// Morning: a list from the pottery. The SKUs carry the time, so that the story can be told again.
const mark = Date.now().toString(36).toUpperCase()
const csv = `product_sku,name,brand,categories,sku,option:Glaze,price,currency,weight,location,quantity
DAWN-${mark},Dawn Mug,Kilnhaven,Kitchen & table > Mugs & cups,DAWN-${mark}-ROSE,Rose,26.00,USD,0.38,PWM-1,40
DAWN-${mark},,,,DAWN-${mark}-SAND,Sand,26.00,USD,0.38,PWM-1,25
DUSK-${mark},Dusk Bowl,Kilnhaven,Kitchen & table > Bowls,DUSK-${mark}-PLUM,Plum,"31,50",USD,0.64,PWM-9,12
`

/** Sends a file and waits until all of it is checked or applied. */
async function imported(file: string, { dry_run }: { dry_run: boolean }): Promise<any> {
  const { id } = await ask(`POST /products/import?dry_run=${dry_run}`, file)
  for (;;) {
    const now = await ask(`GET /imports/${id}`)
    if (now.finished_at !== null) return now
    await sleep(250)
  }
}

// A dry run writes nothing and finds every mistake at once.
const tried = await imported(csv, { dry_run: true })
const { items: mistakes } = await ask(`GET /imports/${tried.id}/errors`)
say(`A dry run of ${tried.rows_read} rows: ${tried.rows_valid} are good, and`)
for (const { line, column, message, value } of mistakes) {
  say(`  line ${line}, ${column}: ${message} (${value})`)
}
if (mistakes.length !== 3) throw new Error('Three mistakes were made.')

const mended = csv
  .replace('> Bowls', '> Tableware')
  .replace('"31,50"', '31.50')
  .replace('PWM-9', 'PWM-1')
const done = await imported(mended, { dry_run: false })
say(`Mended: ${done.products_created} products, ${done.rows_applied} variants, with their stock.\n`)

// The bowl begins with a sale: a week long, and over by itself.
const WEEK_MS = 7 * 24 * 3600 * 1000
const ends_at = new Date(Date.now() + WEEK_MS).toISOString()
const bowl = `DUSK-${mark}-PLUM`
await ask(`PUT /products/variants/${bowl}/prices`, {
  prices: [{ currency: 'USD', price: '31.50', sales: [{ price: '26.00', ends_at }] }],
})
const onSale = await ask(`GET /products/variants/${bowl}`)
say(`On sale until ${onSale.sale.ends_at.slice(0, 10)}`)
row('Dusk Bowl', `${onSale.compare_at_price} → ${onSale.price}`)

// The mug gets a coupon of its own, fifty times and once a customer.
const mug = await ask(`GET /products/by-sku/DAWN-${mark}`)
const code = `DAWN-${mark}`
const { id: promotion } = await ask('POST /promotions', {
  name: 'Dawn Mug, the first fifty',
  label: '4.00 off a Dawn Mug',
  code,
  kind: 'fixed',
  amounts: [{ currency: 'USD', amount: '4.00' }],
  product_ids: [mug.id],
  usage_limit: 50,
  usage_limit_per_customer: 1,
  status: 'draft',
})
await ask(`POST /promotions/${promotion}/activate`)
const { valid, promotion: told } = await ask('POST /promotions/check', { code: code.toLowerCase() })
if (!valid) throw new Error('The coupon cannot be had.')
row(`${code}: ${told.label}`, `-${told.amount}`)

// Noon: one unit of an order came broken. What was paid for just this one goes back, tax included.
const { items: paid } = await ask('GET /orders?payment_status=paid&include_items=true&limit=100')
const wanted = (item: any) =>
  item.quantity > 1 && Number(item.discount) > 0 && Number(item.tax_amount) > 0
const order = paid.find(({ items }: any) => items.some(wanted))
if (!order) throw new Error('Nobody bought two of anything with a coupon.')
const item = order.items.find(wanted)
const claim = { items: [{ item_id: item.id, quantity: 1 }], reason: 'One arrived broken.' }
const preview = await ask(`POST /orders/${order.id}/refund/preview`, claim)
const key = `broken-${item.id}`
const refund = await ask(`POST /orders/${order.id}/refund`, claim, key)
const again = await ask(`POST /orders/${order.id}/refund`, claim, key)
if (again.id !== refund.id) throw new Error('The same unit was refunded twice.')
if (refund.amount !== preview.amount) throw new Error('The preview promised another amount.')
const after = await ask(`GET /orders/${order.id}`)
say(`\n${order.order_number}, ${order.currency}: one of ${item.quantity} broken`)
row(item.product_name, item.total_price)
row('discounts', `-${item.discount}`)
row('tax', item.tax_amount)
row('paid for all of them', item.gross_price)
row(`back for one (the order is ${after.payment_status})`, refund.amount)
const share = cents(item.gross_price) / item.quantity
if (Math.abs(cents(refund.amount) - share) >= 1) throw new Error('That is not the share of one.')

// Evening: how it went.
say('\nAll orders so far')
for (const currency of ['USD', 'EUR', 'GBP']) {
  const { total_orders, net_sales } = await ask(`GET /orders/statistics?currency=${currency}`)
  row(`${currency}: ${total_orders} orders, net of refunds`, net_sales)
}
const { items: low } = await ask('GET /inventory/low-stock?limit=3')
say('\nTo order tomorrow')
for (const { item_number, quantities } of low) row(item_number, `${quantities.available} left`)
