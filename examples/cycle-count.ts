// A cycle count while the shop sells: counters do not see what is expected, a difference that is
// too large is counted again, and what was sold meanwhile stays sold.
//
//   npm start                                               in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/cycle-count.ts   in another

import { ask, say } from './ask.ts'

const mark = Date.now().toString(36).toUpperCase()
// A small location with bins and three things in them.
const place = `BACK-${mark}`
await ask('POST /locations', { code: place, name: 'Back room', priority: 1 })
const bins = ['A-1', 'A-2', 'B-1'].map((code, nth) => ({ code, pick_sequence: nth }))
await ask('POST /warehouse/bins', { location_id: place, bins })
await ask(`POST /locations/${place}/start-bins`)
const things = [
  { sku: `CUP-${mark}`, bin: 'A-1', quantity: 40 },
  { sku: `POT-${mark}`, bin: 'A-2', quantity: 12 },
  { sku: `LID-${mark}`, bin: 'B-1', quantity: 100 },
]
for (const { sku } of things) {
  const variants = [{ sku, name: sku, price: '9.00', cost: '3.50' }]
  await ask('POST /products', { name: sku, sku: `P-${sku}`, variants })
  await ask('POST /inventory', { item_number: sku, location_id: place, quantity_on_hand: 0 })
}
await ask('POST /warehouse/receipts', {
  location_id: place,
  lines: things.map(({ sku, bin, quantity }) => ({
    item_id: sku,
    quantity,
    bin: `${place}-${bin}`,
  })),
})
const [cup, pot, lid] = things.map(({ sku }) => sku) as [string, string, string]

const customer = await ask('POST /customers', {
  email: `mo.${mark.toLowerCase()}@example.com`,
  first_name: 'Mo',
  last_name: 'Field',
})
/** Somebody buys, and it leaves the shelf. */
async function sell(sku: string, quantity: number): Promise<void> {
  const order = await ask('POST /orders', { customer_id: customer.id, items: [{ sku, quantity }] })
  for (const status of ['processing', 'shipped']) {
    await ask(`PUT /orders/${order.id}/status`, { status })
  }
}

// The count: a difference of more than a tenth is to be counted again.
const count = await ask('POST /cycle-counts', { location_id: place, recount_percent: 10 })
const { items: sheet } = await ask(`GET /cycle-counts/${count.id}/sheet`)
say(`Count ${count.number}: ${count.lines} places, in the order of a walk`)
for (const line of sheet) say(`  ${line.scan_code.padEnd(24)}${line.item_number}`)
if (sheet.some((line: any) => line.expected_quantity !== null)) throw new Error('Not blind.')

const lineOf = (sku: string) => sheet.find((line: any) => line.item_number === sku).id
const found = async (sku: string, quantity: number): Promise<string> => {
  const lines = [{ line_id: lineOf(sku), quantity }]
  return (await ask(`POST /cycle-counts/${count.id}/entries`, { lines })).lines[0].status
}

// Two cups are sold before the cups are counted, five after. One cup is missing, as it turns out.
await sell(cup, 2)
await found(cup, 37)
await sell(cup, 5)
await found(lid, 103)
const first = await found(pot, 9)
say(`Nine pots instead of twelve: ${first}.`)
if (first !== 'recount') throw new Error('Nobody looked again.')
await sell(pot, 1)
await found(pot, 11)

// Whoever approves sees both sides.
const { items: lines } = await ask(`GET /cycle-counts/${count.id}/variances`)
for (const line of lines) {
  const { item_number, expected_quantity, counted_quantity, difference, difference_value } = line
  say(
    `  ${item_number.padEnd(20)} expected ${expected_quantity}, counted ${counted_quantity}` +
      `: ${difference} (${difference_value} ${line.currency})`,
  )
}
await sell(lid, 10)
const done = await ask(`POST /cycle-counts/${count.id}/approve`)
say(`It is ${done.status}.`)

const onHand = async (sku: string) =>
  Number((await ask(`GET /inventory/${sku}`)).quantities.on_hand)
const left = [await onHand(cup), await onHand(pot), await onHand(lid)]
say(`On the shelves now: ${left.join(', ')}.`)
const right = [40 - 2 - 5 - 1, 12 - 1, 100 + 3 - 10]
if (left.join() !== right.join()) throw new Error(`It should be ${right.join(', ')}.`)
