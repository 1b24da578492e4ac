// Bought partly with a gift card, delivered, covered, broken, replaced, broken again, and credited.
//
//   npm start                                             it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/warranty-claim.ts   in another terminal

import { setTimeout as sleep } from 'node:timers/promises'
import { ask, say } from './ask.ts'

function check(is: unknown, should: unknown): void {
  if (is !== should) throw new Error(`It is ${is} and should be ${should}.`)
}

// A lamp that is sold with two years of warranty. The SKU carries the time, so that the story can
// be told again.
const mark = Date.now().toString(36).toUpperCase()
const sku = `LAMP-${mark}`
const { items: locations } = await ask('GET /locations?limit=1')
const product = await ask('POST /products', { name: 'Reading lamp', sku, price: '90.00' })
const shelf = { item_number: sku, location_id: locations[0].id, quantity_on_hand: 10 }
await ask('POST /inventory', shelf)
const plan = await ask('POST /warranties/plans', {
  code: `two-years-${mark}`,
  name: 'Two years',
  terms: 'Faults of material and making. Not: breakage, water.',
  term_months: 24,
  transferable: true,
})
await ask(`PUT /warranties/plans/${plan.id}/products`, { product_ids: [product.id] })

// Ada has a gift card of 50.00 and buys a lamp of 90.00: the card pays what is on it.
const person = { email: `ada.${mark}@example.com`, first_name: 'Ada', last_name: 'Brook' }
const ada = await ask('POST /customers', person)
const card = await ask('POST /gift-cards', { initial_amount: '50.00', currency: 'USD' })
say(`A gift card of ${card.balance} USD: ${card.code}, told this once.`)
const buy = { customer_id: ada.id, items: [{ sku, quantity: 1 }] }
const order = await ask('POST /orders', buy)
const byCard = { order_id: order.id, payment_method: 'gift_card', code: card.code }
const first = await ask('POST /payments', byCard)
const { balance: owed } = await ask(`GET /payments/order/${order.id}/total`)
const rest = { order_id: order.id, amount: owed, payment_method: 'credit_card' }
const second = await ask('POST /payments', rest)
say(`It paid ${first.amount}, and a credit card the other ${second.amount}.`)
check((await ask(`GET /orders/${order.id}`)).payment_status, 'paid')

/** Sends an order and lets it arrive. */
async function deliver({ id }: { id: string }): Promise<void> {
  const shipment = await ask('POST /shipments', {
    order_id: id,
    shipping_address: '12 Harbour Street, Portland, ME 04101, US',
    shipping_method: 'Standard',
    recipient_name: 'Ada Brook',
  })
  await ask(`POST /shipments/${shipment.id}/ship`, {})
  await ask(`POST /shipments/${shipment.id}/deliver`, { signed_by: 'A. Brook' })
}

/** What covers the goods of an order: made by itself, right after they arrived. */
async function coverageOf({ id }: { id: string }): Promise<any> {
  for (let tries = 0; tries < 200; tries++) {
    const { items } = await ask(`GET /warranties?order_id=${id}`)
    if (items.length > 0) return items[0]
    await sleep(50)
  }
  throw new Error('Nothing covers what was delivered.')
}

await deliver(order)
const warranty = await coverageOf(order)
say(`Delivered; ${warranty.warranty_number} covers it until ${warranty.end_date.slice(0, 10)}.\n`)

// It flickers. The claim is approved, and another lamp goes out for nothing.
const claim = await ask('POST /warranties/claims', {
  warranty_id: warranty.id,
  customer_id: ada.id,
  description: 'It flickers, and smells.',
  evidence: ['https://example.com/flicker.mp4'],
  preferred_remedy: 'replace',
})
await ask(`POST /warranties/claims/${claim.id}/approve`, {
  resolution: 'A new one is on its way.',
  remedy: 'replace',
})
const another = await ask('POST /orders', buy)
const replaced = await ask(`POST /warranties/claims/${claim.id}/remedies`, {
  kind: 'replace',
  order_id: another.id,
})
const heir = await ask(`GET /warranties/${replaced.remedies[0].replacement_warranty_id}`)
say(`${claim.claim_number}: replaced. ${heir.warranty_number} covers the new lamp,`)
say(`  and ends when the old one would have: ${heir.end_date.slice(0, 10)}.`)
check(heir.end_date, warranty.end_date)
check((await ask(`GET /warranties/${warranty.id}`)).status, 'ended')
await ask(`POST /warranties/claims/${claim.id}/close`, {})

// The new one breaks too. Ada has had enough, and takes store credit.
const again = await ask('POST /warranties/claims', {
  warranty_id: heir.id,
  customer_id: ada.id,
  description: 'This one does not light at all.',
})
await ask(`POST /warranties/claims/${again.id}/approve`, { resolution: 'You get it back.' })
const credited = await ask(`POST /warranties/claims/${again.id}/remedies`, {
  kind: 'credit',
  amount: '90.00',
  currency: 'USD',
})
const account = await ask(`GET /store-credit/${credited.remedies[0].credit_account_id}`)
say(`${again.claim_number}: ${account.balance} USD of store credit.`)
check(account.balance, '90.00')

// What staff sees in the end.
const { products } = await ask('GET /warranties/statistics?limit=100')
const lamp = products.find(({ product_id }: any) => product_id === product.id)
say(`\nOf ${lamp.covered_units} lamp that was covered, ${lamp.claimed_units} were claimed.`)
const { outstanding } = await ask('GET /credit/liability')
for (const { kind, amount, currency } of outstanding) {
  say(`The shop owes ${amount} ${currency} in ${kind.replace('_', ' ')}.`)
}
