// A platform of the Universal Commerce Protocol: it publishes its profile, reads the shop's, and
// buys: a checkout, an address, a shipping option, a payment, and the order as the shop tells it.
//
//   npm start                                              in one terminal; prints a key
//   KEY=sk_… node scripts/run.mjs examples/ucp-platform.ts in another

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

const VERSION = '2026-04-08'
const say = (line: string) => console.log(line)

// The shop's profile says what it can do.
const shop = (await (await fetch(`${API}/.well-known/ucp`)).json()) as any
const names = Object.keys(shop.ucp.capabilities)
say(`The shop speaks ${shop.ucp.version} and can do ${names.length} things.`)

// Ours says the same of us. A real one stands at an https address.
const profile = {
  ucp: {
    version: VERSION,
    services: {},
    payment_handlers: {},
    capabilities: Object.fromEntries(names.map((name) => [name, [{ version: VERSION }]])),
  },
}
const server = createServer((_, response) => response.end(JSON.stringify(profile)))
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
const { port } = server.address() as AddressInfo

/** One request; a fault ends the story, outcomes are told in messages. */
async function ask(route: string, body?: object): Promise<any> {
  const [method, path] = route.split(' ') as [string, string]
  const response = await fetch(`${API}/ucp${path}`, {
    method,
    headers: {
      'X-API-Key': KEY,
      'UCP-Agent': `profile="http://127.0.0.1:${port}/profile"`,
      'Request-Id': crypto.randomUUID(),
      'Idempotency-Key': crypto.randomUUID(),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as any
  if (!response.ok) throw new Error(`${route}: ${answer.code}: ${answer.content}`)
  return answer
}

try {
  const { products } = await ask('POST /catalog/search', { pagination: { limit: 50 } })
  const variants = products.flatMap((product: any) => product.variants)
  const variant = variants.find(({ availability }: any) => availability.available)
  const line_items = [{ item: { id: variant.id }, quantity: 1 }]
  const made = await ask('POST /checkout-sessions', { line_items })
  say(`${variant.title}: ${made.status}. ${made.messages[0].content}`)

  // A checkout is replaced whole, here with the buyer and where it goes.
  const buyer = { first_name: 'Sol', last_name: 'Marsh', email: 'sol@example.com' }
  const home = {
    id: 'home',
    street_address: '9 Mill Lane',
    address_locality: 'Portland',
    address_region: 'ME',
    postal_code: '04101',
    address_country: 'US',
  }
  const fulfillment = { methods: [{ type: 'shipping', destinations: [home] }] }
  const ready = await ask(`PUT /checkout-sessions/${made.id}`, { line_items, buyer, fulfillment })
  say(`With an address it is ${ready.status}:`)
  for (const { display_text, type, amount } of ready.totals) {
    say(`  ${(display_text ?? type).padEnd(12)}${(amount / 100).toFixed(2).padStart(10)}`)
  }

  const credential = { type: 'token', token: 'pm_test_success' }
  const card = { id: 'card', handler_id: 'payment_token', type: 'card', selected: true, credential }
  const payment = { instruments: [card] }
  const done = await ask(`POST /checkout-sessions/${made.id}/complete`, { payment })
  if (done.status !== 'completed') throw new Error(JSON.stringify(done.messages))
  const order = await ask(`GET /orders/${done.order.id}`)
  say(`It is ${done.status}: ${order.label}, its line is ${order.line_items[0].status}.`)
} finally {
  server.close()
}
