// Tea is kept by lot. One lot turns out to be bad: what is left of it is blocked at once, everyone
// who got some is listed, told, and gives it back; a blend that was made of it comes back too.
//
//   npm start                                          in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/recall.ts   in another

import { ask, say } from './ask.ts'

const mark = Date.now().toString(36).toUpperCase()
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

// A location of its own, a tea with lots, and a gift box with lots that is made of it.
const [place, tea, box] = [`DOCK-${mark}`, `TEA-${mark}`, `BOX-${mark}`]
await ask('POST /locations', { code: place, name: 'The dock', priority: 1 })
for (const [sku, name, price] of [
  [tea, 'Harbour Tea', '6.50'],
  [box, 'Tea Box', '24.00'],
] as const) {
  await ask('POST /products', { name, sku: `P-${sku}`, variants: [{ sku, name, price }] })
  await ask('POST /inventory', { item_number: sku, location_id: place, quantity_on_hand: 0 })
  await ask(`PUT /inventory/${sku}/tracking`, { tracking: 'lot' })
}
await ask('POST /warehouse/receipts', {
  location_id: place,
  lines: [
    { item_id: tea, quantity: 20, lot_number: 'SPRING', expires_on: day(60) },
    { item_id: tea, quantity: 30, lot_number: 'AUTUMN', expires_on: day(240) },
    { item_id: box, quantity: 5, lot_number: 'GIFT-1', expires_on: day(200) },
  ],
})
const lotOf = async (lot_number: string, item: string) =>
  (await ask(`GET /lots?item_id=${item}&lot_number=${lot_number}`)).items[0]
const spring = await lotOf('SPRING', tea)
const gift = await lotOf('GIFT-1', box)

// Four units of the spring lot went into the boxes: they leave the stock, and the lots are linked.
await ask('POST /warehouse/consumptions', {
  made: { lot_id: gift.id },
  components: [{ lot_id: spring.id, quantity: 4 }],
  location_id: place,
})

/** A customer orders, pays and gets it; the first lot to expire leaves first. */
async function sell(first_name: string, sku: string, quantity: number): Promise<string> {
  const customer = await ask('POST /customers', {
    email: `${first_name.toLowerCase()}.${mark.toLowerCase()}@example.com`,
    first_name,
    last_name: 'Moor',
  })
  const order = await ask('POST /orders', { customer_id: customer.id, items: [{ sku, quantity }] })
  await ask('POST /payments', {
    order_id: order.id,
    amount: order.total_amount,
    payment_method: 'credit_card',
  })
  for (const status of ['processing', 'shipped']) {
    await ask(`PUT /orders/${order.id}/status`, { status })
  }
  return order.order_number
}
await sell('Ada', tea, 3)
await sell('Ben', tea, 2)
await sell('Cleo', box, 1)

// The laboratory calls. One call blocks the lot and all that was made of it.
const recall = await ask('POST /recalls', {
  title: 'Spring lot: too much copper',
  instructions: 'Do not drink it. Send it back, we pay.',
  lot_ids: [spring.id],
  include_made: true,
})
const { units_blocked, units_out, contacts } = recall.progress
say(`Recall ${recall.number}: ${units_blocked} units blocked, ${units_out} out with ${contacts}.`)
if (units_blocked !== 20 - 4 - 5 + 4 || units_out !== 6) throw new Error('That is not all of it.')

const proposal = await ask(`GET /inventory/${tea}/pick-proposal?location_id=${place}&quantity=1`)
say(`The next tea is picked from ${proposal.lines[0].lot_number}.`)
if (proposal.lines[0].lot_number !== 'AUTUMN') throw new Error('The bad lot would be picked.')

// Who got it is told, and sends it back.
const { items: people } = await ask(`GET /recalls/${recall.id}/contacts`)
for (const one of people) {
  const at = `/recalls/${recall.id}/contacts/${one.id}`
  await ask(`PUT ${at}`, { status: 'contacted', note: `Wrote to ${one.customer_email}.` })
  const { status } = await ask(`PUT ${at}`, { returned_quantity: one.quantity })
  say(`  ${one.reference_number}  ${one.customer_name.padEnd(12)} ${one.quantity} ${status}`)
}
const closed = await ask(`POST /recalls/${recall.id}/close`)
say(`It is ${closed.status}: ${closed.progress.units_returned} of ${units_out} units came back.`)

const { used_in } = await ask(`GET /lots/${spring.id}/genealogy`)
say(`The spring lot went into ${used_in.map((one: any) => one.lot_number).join()}.`)
