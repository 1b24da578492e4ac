// An agent buys by the Agentic Commerce Protocol: a declined card, another, and one order.
//
//   npm start                                                 in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/acp-agent.ts       in another

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

const say = (line: string) => console.log(line)

/** One call of the agent. Answers and errors are bare: no envelope. */
async function acp(route: string, body?: object, key: string = crypto.randomUUID()): Promise<any> {
  const [method, path] = route.split(' ') as [string, string]
  const response = await fetch(API + path, {
    method,
    headers: {
      Authorization: `Bearer ${KEY}`,
      'API-Version': '2026-04-17',
      ...(method !== 'GET' && { 'Idempotency-Key': key }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer: any = await response.json()
  if (!response.ok) throw new Error(`${route}: ${answer.code}: ${answer.message}`)
  return answer
}

const totalOf = (session: any, type: string): number =>
  session.totals.find((total: any) => total.type === type)?.amount ?? 0
const money = (cents: number) => (cents / 100).toFixed(2)

// The agent has found something that is in stock: any variant of the catalogue is an item.
const found = await fetch(`${API}/api/v1/products?category=coffee&in_stock=true`)
const { data } = (await found.json()) as any
const variant = data.items[0].variants.find((one: any) => one.available_quantity >= 2)
say(`The agent wants two of ${data.items[0].name}, ${variant.name}.`)

// Without an address nothing can be paid, and the session says so.
let session = await acp('POST /checkout_sessions', {
  line_items: [{ id: variant.id, quantity: 2 }],
  currency: 'usd',
  capabilities: { interventions: { supported: ['3ds'] } },
  buyer: { email: 'ada.brook@example.com', first_name: 'Ada', last_name: 'Brook' },
})
say(`\n${session.status}: ${session.messages[0].content}`)

const address = {
  name: 'Ada Brook',
  line_one: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  country: 'US',
  postal_code: '04101',
}
const at = `POST /checkout_sessions/${session.id}`
session = await acp(at, { fulfillment_details: { address } })
say(`\n${session.status}: it can be sent by`)
for (const { id, title, totals } of session.fulfillment_options) {
  say(`  ${title.padEnd(24)}${money(totals[0].amount).padStart(8)}  (${id})`)
}

// The buyer is in a hurry.
const dearest = session.fulfillment_options.at(-1)
session = await acp(at, {
  selected_fulfillment_options: [{ type: 'shipping', option_id: dearest.id, item_ids: [] }],
})
say('')
for (const { display_text, amount } of session.totals) {
  say(`  ${display_text.padEnd(24)}${money(amount).padStart(8)}`)
}

const pay = (token: string, key?: string) =>
  acp(
    `${at}/complete`,
    {
      payment_data: {
        handler_id: session.capabilities.payment.handlers[0].id,
        instrument: { type: 'card', credential: { type: 'spt', token } },
      },
    },
    key,
  )

// A declined card is no error of the protocol: the session waits for another.
const declined = await pay('pm_test_declined')
say(`\n${declined.status}: ${declined.messages[0].content}`)

// Sent twice, as an agent would that has lost the answer: one order, one charge.
const key = crypto.randomUUID()
const done = await pay('pm_test_success', key)
const again = await pay('pm_test_success', key)
if (again.order.id !== done.order.id) throw new Error('The same session was ordered twice.')

const order = await fetch(`${API}/api/v1/orders/${done.order.id}`, {
  headers: { 'X-API-Key': KEY },
})
const { data: kept } = (await order.json()) as any
if (kept.total_amount !== money(totalOf(session, 'total'))) {
  throw new Error('The order is not what was shown.')
}
say(`\n${done.status}: ${kept.order_number}, ${kept.payment_status}, ${kept.total_amount}`)
say(`${done.order.permalink_url}`)
