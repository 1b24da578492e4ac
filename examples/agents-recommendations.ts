// An assistant with a limit of its own: it asks what goes with a product, puts that into its
// customer's cart, and is stopped where its limit is.
//
//   npm start                                                        in one terminal; prints a key
//   KEY=sk_… node scripts/run.mjs examples/agents-recommendations.ts in another

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

/** One call; what the API answers. */
async function call(route: string, body?: object, key = KEY): Promise<any> {
  const [method, path] = route.split(' ') as [string, string]
  const response = await fetch(`${API}${path}`, {
    method,
    headers: { 'X-API-Key': key, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return response.json()
}

/** The same; any refusal ends the story with its sentence. */
async function ask(route: string, body?: object, key = KEY): Promise<any> {
  const { data, error } = await call(route, body, key)
  if (error) throw new Error(`${route}: ${error.code}: ${error.message}`)
  return data
}

const say = (line: string) => console.log(line)
const mark = Date.now().toString(36)

// The assistant gets an API key that may do nothing but this, and a limit.
const key = await ask('POST /auth/api-keys', {
  name: `assistant ${mark}`,
  permissions: ['agents:access'],
})
await ask('POST /api/v1/agents', {
  name: 'Kitchen assistant',
  api_key_id: key.id,
  limits: [{ currency: 'USD', per_cart: '50.00', per_day: '200.00' }],
})

// Something is bought together with something else.
const { items: places } = await ask('GET /api/v1/locations?limit=1')
const article = async (name: string, price: string) => {
  const sku = `${name.toUpperCase()}-${mark}`
  const product = await ask('POST /api/v1/products', { name: `Harbour ${name}`, sku, price })
  const shelf = { item_number: sku, location_id: places[0].id, quantity_on_hand: 20 }
  await ask('POST /api/v1/inventory', shelf)
  return product
}
const [pot, filter] = [await article('Pot', '24.00'), await article('Filter', '6.00')]
const person = { email: `nils.${mark}@example.com`, first_name: 'Nils', last_name: 'Hale' }
const customer = await ask('POST /api/v1/customers', person)
const items = [pot, filter].map(({ sku }) => ({ sku, quantity: 1 }))
await ask('POST /api/v1/orders', { customer_id: customer.id, items })

// What goes with a pot? The order is counted a moment after it was placed.
const secret = key.api_key ?? key.key
const what = `GET /api/v1/agents/recommendations?product_id=${pot.id}&per_page=1`
let best: any
for (let tries = 0; best?.reason !== 'bought_together'; tries++) {
  if (tries > 200) throw new Error('The order was never counted.')
  if (tries > 0) await new Promise((next) => setTimeout(next, 50))
  best = (await ask(what, undefined, secret)).products[0]
}
say(`With the ${pot.name} goes the ${best.name}: ${best.explanation}`)

// Into the cart with it, as far as the limit goes.
const cart = await ask('POST /api/v1/carts', { customer_id: customer.id })
const into = `POST /api/v1/agents/customers/${customer.id}/carts/${cart.id}/items`
const filled = await ask(into, { sku: best.sku, quantity: 5 }, secret)
say(`The cart of ${person.first_name} has ${filled.unit_count} of them: ${filled.subtotal} USD.`)
const { error } = await call(into, { sku: pot.sku, quantity: 1 }, secret)
if (error?.code !== 'AGENT_LIMIT_EXCEEDED') throw new Error('The limit did not hold.')
say(`And no more: ${error.message}`)
