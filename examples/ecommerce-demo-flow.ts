// The published e-commerce interface from its seed to a paid order, as its own clients speak it.
//
//   npm start                    in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/ecommerce-demo-flow.ts
//
// In development the interface answers without any credential too; with a key it works everywhere.

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
const session = `story-${Date.now().toString(36)}`

/** One call; the body as it is. Any refusal ends the story with its `detail`. */
async function ask(route: string, body?: object): Promise<any> {
  const [method, path] = route.split(' ') as [string, string]
  const response = await fetch(`${API}/api${path}`, {
    method,
    headers: {
      'X-Cart-Session': session,
      ...(KEY && { 'X-API-Key': KEY }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as any
  if (!response.ok) throw new Error(`${route}: ${JSON.stringify(answer.detail)}`)
  return answer
}

const say = (line: string) => console.log(line)

const { status, module, version } = await ask('GET /health/')
say(`${module} ${version} is ${status}.`)

// The seed is planted once; planted again, it adds nothing and is no error.
const planted = await ask('POST /v1/ecommerce/products/seed')
say(`The seed added ${planted.length} products.`)

const query = 'q=keyboard&min_price=50&max_price=150&in_stock=true'
const found = await ask(`GET /v1/ecommerce/products/search?${query}`)
const keyboard = found.find(({ sku }: { sku: string }) => sku === 'SKU-KB-001')
if (!keyboard) throw new Error('the keyboard of the seed is not for sale any more')
say(`${keyboard.id}  ${keyboard.name}  ${keyboard.price} ${keyboard.currency}`)

const cart = await ask('POST /v1/ecommerce/cart/items', { product_id: keyboard.id, quantity: 2 })
say(`In the cart: ${cart.item_count} items, ${cart.subtotal} ${cart.currency}`)

// One call makes the order: confirmed, its units its own, and to be paid.
const order = await ask('POST /v1/ecommerce/checkout', { customer_email: 'buyer@example.com' })
if (order.total !== cart.subtotal) throw new Error('this interface knows neither tax nor shipping')
say(`${order.id} is ${order.status}: ${order.total} ${order.currency}`)

const intent = await ask('POST /v1/ecommerce/payments/intents', { order_id: order.id })
say(`${intent.id} is ${intent.status}.`)
const confirm = `POST /v1/ecommerce/payments/intents/${intent.id}/confirm`
const paid = await ask(confirm, { gateway_reference: 'gw-demo-001' })
say(`${paid.id} is ${paid.status}, by ${paid.provider} under ${paid.gateway_reference}.`)

const now = await ask(`GET /v1/ecommerce/orders/${order.id}`)
if (now.status !== 'paid') throw new Error(`the order should be paid, but is ${now.status}`)
say(`${now.id} is ${now.status}.`)
