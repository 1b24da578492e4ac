// From a paid order to a signature at the door: the warehouse picks and packs, carriers are asked
// what they take, a label is bought, the parcel leaves, is followed, and arrives.
//
//   npm start                                                     prints an API key
//   KEY=sk_… node scripts/run.mjs examples/order-to-delivery.ts   in another

import { API, ask, KEY, say } from './ask.ts'

const row = (what: string, value: unknown) =>
  say(`  ${what.padEnd(44)}${String(value).padStart(20)}`)
const expect = (is: unknown, wanted: unknown) => {
  if (is !== wanted) throw new Error(`It is ${is}, and should be ${wanted}.`)
}

// Somebody buys two mugs and pays for them.
const mark = Date.now().toString(36)
const customer = await ask('POST /customers', {
  email: `otto.${mark}@example.com`,
  first_name: 'Otto',
  last_name: 'Lind',
})
const found = await ask('GET /products?category=mugs&in_stock=true')
const variant = found.items[0].variants.find((one: any) => one.available_quantity >= 2)
const order = await ask('POST /orders', {
  customer_id: customer.id,
  items: [{ product_id: variant.id, quantity: 2 }],
  shipping_address: {
    name: 'Otto Lind',
    street: '7 Ferry Lane',
    city: 'Portland',
    state: 'ME',
    postal_code: '04101',
    country: 'US',
  },
})
await ask('POST /payments', {
  order_id: order.id,
  amount: order.total_amount,
  payment_method: 'credit_card',
  payment_method_id: 'pm_test_success',
})
say(`${order.order_number} is paid.\n`)

// Where it lies: the router has chosen a location and says why.
const { items: works } = await ask(`POST /orders/${order.id}/route`)
say('Work for the warehouse')
for (const work of works) row(`${work.number}, ${work.routed_by.explanation}`, work.status)

// Picked and packed.
await ask(`POST /orders/${order.id}/pick`)
const { cartons } = await ask(`POST /orders/${order.id}/pack`)
for (const { code, weight_grams } of cartons) row(`carton ${code}`, `${weight_grams} g`)

// A shipment for each location, with the cartons as its parcels.
const shipments: any[] = []
for (const _ of works) shipments.push(await ask('POST /shipments', { order_id: order.id }))
for (const shipment of shipments) {
  // Whatever the cartons say, the scales at the door are believed.
  const parcels = shipment.parcels.map(({ carton_id, weight_grams }: any) => ({
    carton_id,
    weight_grams: weight_grams ?? 900,
  }))
  await ask(`PUT /shipments/${shipment.id}`, { parcels })

  // What do carriers take, if it has to be there in three days?
  const deliver_by = new Date(Date.now() + 3 * 86_400_000).toISOString()
  const { rates, promise } = await ask(`POST /shipments/${shipment.id}/rates`, { deliver_by })
  say(`\nOffers for ${shipment.number}`)
  for (const rate of rates) {
    const chosen = rate.id === promise ? '> ' : ''
    row(
      `${chosen}${rate.service_name}, ${rate.delivery_days} days`,
      `${rate.amount} ${rate.currency}`,
    )
  }

  // Bought once, however often it is sent.
  const buy = () =>
    ask(`POST /shipments/${shipment.id}/label`, { rate_id: promise }, `label-${shipment.id}`)
  const { labels } = await buy()
  const again = await buy()
  expect(again.labels[0].id, labels[0].id)
  for (const label of labels) {
    const paper = await fetch(`${API}${label.label_url}`, { headers: { 'X-API-Key': KEY } })
    expect(paper.headers.get('content-type'), 'application/pdf')
    const bytes = (await paper.arrayBuffer()).byteLength
    row(`label ${label.tracking_number}`, `${bytes.toLocaleString('en')} bytes`)
  }
}

// They leave: the stock is consumed, and with the last one the order has shipped.
for (const { id } of shipments) await ask(`POST /shipments/${id}/ship`)
const left = await ask(`GET /orders/${order.id}`)
expect(left.status, 'shipped')
say(`\n${order.order_number} is ${left.status}.`)

// News of them, told in the wrong order and one of them twice.
const at = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
const news = [
  { status: 'out_for_delivery', timestamp: at(1), location: 'Portland, ME' },
  { status: 'in_transit', timestamp: at(9), location: 'Boston, MA' },
  { status: 'in_transit', timestamp: at(9), location: 'Boston, MA' },
]
for (const { id } of shipments) {
  for (const one of news) await ask(`POST /shipments/${id}/tracking`, one)
  const { status } = await ask(`GET /shipments/${id}`)
  expect(status, 'Out for Delivery')
}

// At the door.
for (const { id } of shipments) {
  await ask(`POST /shipments/${id}/deliver`, {
    signed_by: 'O. Lind',
    proof_urls: ['https://example.com/proofs/door.jpg'],
  })
}
const [first] = shipments
const { labels: _, ...tracked } = await ask(`GET /shipments/${first.id}/track`)
say(`\n${first.number}: ${tracked.status}, signed by ${tracked.signed_by}`)
for (const { kind, location, occurred_at } of tracked.events) {
  row(`${kind}${location ? `, ${location}` : ''}`, occurred_at.slice(0, 16).replace('T', ' '))
}
expect(tracked.events.length, 3)
const arrived = await ask(`GET /orders/${order.id}`)
expect(arrived.status, 'delivered')
say(`\n${order.order_number} is ${arrived.status}.`)
