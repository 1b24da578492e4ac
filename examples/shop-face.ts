// The shop face: a guest's cart, a page of the payment provider, and the same cart paid elsewhere.
//
//   npm start                                             in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/shop-face.ts   in another

import { randomUUID } from 'node:crypto'

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

const SECRET = `sess_${randomUUID()}`

/** One call as the guest, with their secret and nothing else. */
async function ask(route: string, body?: object): Promise<{ status: number; told: any }> {
  const [method, path] = route.split(' ') as [string, string]
  const response = await fetch(`${API}${path}`, {
    method,
    headers: { 'X-Cart-Session': SECRET, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, told: await response.json() }
}

async function done(route: string, body?: object): Promise<any> {
  const { status, told } = await ask(route, body)
  if (status >= 300) throw new Error(`${route}: ${JSON.stringify(told)}`)
  return told
}

const say = (line: string) => console.log(line)
const row = (what: string, amount: string) => say(`  ${what.padEnd(44)}${amount.padStart(10)}`)
const mustBe = (what: string, is: unknown, wanted: unknown) => {
  if (is !== wanted) throw new Error(`${what} is ${is}, not ${wanted}.`)
}

// Something that is on the shelf, by its SKU.
const shelf = await done('GET /api/v1/products?category=mugs&in_stock=true')
const mug = shelf.data.items[0].variants.find((one: any) => one.available_quantity >= 3)

// A cart in the shapes of the shop: numbers with cents, ids with a prefix.
const added = await done('POST /api/cart/items', {
  product_id: mug.sku,
  quantity: 2,
  metadata: { source: '3d_experience' },
})
say('A cart of the shop')
const { cart } = added
for (const { name, quantity, price } of cart.items) row(`${quantity} x ${name}`, price.toFixed(2))
for (const part of ['tax', 'shipping', 'total'] as const) row(part, cart[part].toFixed(2))

// More than there is: refused with what is left.
const item = cart.items[0].item_id
const short = await ask(`PATCH /api/cart/items/${item}`, { quantity: 1_000_000 })
mustBe('The refusal', short.told.error, 'insufficient_inventory')
say(`\n${short.told.message}.`)

// A page of the provider: the amount is the cart's total, in minor units.
const page = await done('POST /api/checkout/session', {
  mode: 'redirect',
  success_url: 'https://shop.example/thanks?session_id={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://shop.example/cart',
})
const open = await done(`GET /api/checkout/session/${page.session_id}`)
mustBe('The amount', open.amount_total, Math.round(cart.total * 100))
const { amount_total, currency, status, payment_status } = open
say(`\nA page over ${amount_total} ${currency} is ${status}, ${payment_status}.`)

// The guest turns back and pays at the house's own checkout: it is the same cart.
const { data: carts } = await done(`GET /api/v1/carts?session_id=${SECRET}`)
const { data: checkout } = await done('POST /api/v1/checkout', {
  cart_id: carts.items[0].id,
  email: 'ada.brook@example.com',
  shipping_address: {
    first_name: 'Ada',
    last_name: 'Brook',
    address_line_1: '12 Harbour Street',
    city: 'Portland',
    province: 'ME',
    postal_code: '04101',
    country_code: 'US',
  },
  shipping_method: 'flat',
})
const { data: placed } = await done(`POST /api/v1/checkout/${checkout.id}/complete`, {
  payment_method: 'CreditCard',
  payment_token: 'pm_test_success',
})
mustBe('The total', placed.total, cart.total.toFixed(2))

// The provider's page is closed by that, so nobody pays twice.
const closed = await done(`GET /api/checkout/session/${page.session_id}`)
mustBe('The page', closed.status, 'expired')
mustBe('A cart of this guest', (await ask('GET /api/cart')).status, 404)
say(`\n${placed.order_number} over ${placed.total} is paid, and the page is ${closed.status}.`)
