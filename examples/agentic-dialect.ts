// The documented agentic checkout in its structured dialect: other shapes, the same shop.
//
//   npm start                            in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/agentic-dialect.ts

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

const say = (line: string) => console.log(line)

/** One call below the documented path. */
async function ask(method: string, path: string, body?: object): Promise<any> {
  const response = await fetch(`${API}/api/v1/agentic-checkout/sessions${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${KEY}`,
      'Idempotency-Key': crypto.randomUUID(),
      'Content-Type': 'application/json',
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer: any = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${answer.error.message}`)
  return answer
}

const money = ({ amount, currency }: { amount: number; currency: string }) =>
  `${(amount / 100).toFixed(2)} ${currency}`

const catalogue = await fetch(`${API}/api/v1/agentic-checkout/catalog?max_products=200`)
const { feed } = (await catalogue.json()) as any
const item = feed.products.find((one: any) => one.inventory_quantity > 5)
say(`The catalogue has ${feed.feed_metadata.product_count} rows; the agent takes ${item.title}.`)

const created = await ask('POST', '', { items: [{ id: item.id, quantity: 2 }] })
say(`\n${created.status}: ${created.messages[0].message}`)

const shipping_address = {
  name: 'Ada Brook',
  line1: '12 Harbour Street',
  city: 'Portland',
  region: 'ME',
  postal_code: '04101',
  country: 'US',
  email: 'ada.brook@example.com',
}
const ready = await ask('POST', `/${created.id}`, { customer: { shipping_address } })
say(`\n${ready.status}`)
for (const { label, price } of ready.fulfillment.options) say(`  ${label}: ${money(price)}`)
for (const [name, amount] of Object.entries(ready.totals)) {
  say(`  ${name.padEnd(12)} ${money(amount as { amount: number; currency: string })}`)
}

const payment = { delegated_token: 'pm_test_success' }
const done = await ask('POST', `/${created.id}/complete`, { payment })
say(`\n${done.status}: ${done.order.permalink_url}`)

const order = await fetch(`${API}/api/v1/orders/${done.order.id}`, {
  headers: { 'X-API-Key': KEY },
})
const { data } = (await order.json()) as any
if (Math.round(Number(data.total_amount) * 100) !== done.totals.grand_total.amount) {
  throw new Error('The order is not what was shown.')
}
