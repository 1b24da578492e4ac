// From a visitor to a paid order, with a coupon, shipping and tax, told step by step.
//
//   npm start                                  in one terminal; it prints an API key
//   KEY=sk_… npm run example                   in another
//
// The shop's own steps need the key; the visitor has none, only the secret of their cart.

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

type Sent = { as: 'shop' | 'visitor'; body?: object; session?: string; key?: string }

/** One call; what the API answers in `data`. Any refusal ends the story with its sentence. */
async function ask(route: string, { as, body, session, key }: Sent): Promise<any> {
  const [method, path] = route.split(' ') as [string, string]
  const response = await fetch(`${API}/api/v1${path}`, {
    method,
    headers: {
      ...(as === 'shop' && { 'X-API-Key': KEY }),
      ...(session && { 'X-Cart-Session': session }),
      ...(key && { 'Idempotency-Key': key }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const { data, error } = response.status === 204 ? {} : ((await response.json()) as any)
  if (error) throw new Error(`${route}: ${error.code}: ${error.message}`)
  return data
}

const say = (line: string) => console.log(line)
const row = (what: string, amount: string) => say(`  ${what.padEnd(52)}${amount.padStart(10)}`)
const cents = (text: string) => Math.round(Number(text) * 100)

// The shop makes a coupon: one use, so that this story can be told again with another.
const code = `HELLO-${Date.now().toString(36).toUpperCase()}`
await ask('POST /promotions', {
  as: 'shop',
  body: {
    name: 'A first hello',
    label: '10 % off, because it is you',
    code,
    kind: 'percent',
    percent: '10',
    usage_limit: 1,
    status: 'active',
  },
})
say(`The shop gave away a coupon: ${code}.\n`)

// The visitor looks round: coffee, and something to drink it from.
const firstIn = async (category: string) => {
  const found = await ask(`GET /products?category=${category}&in_stock=true`, { as: 'visitor' })
  const [product] = found.items
  const variant = product.variants.find((one: any) => one.available_quantity >= 2)
  return { ...variant, called: `${product.name}, ${variant.name}` }
}
const coffee = await firstIn('coffee')
const mug = await firstIn('mugs')
say('On the shelf')
for (const { called, price } of [coffee, mug]) row(called, price)

// A cart. Its secret is told once, and is all that a visitor has.
const { id: cart, session_id: session } = await ask('POST /carts', { as: 'visitor', body: {} })
const own = { as: 'visitor', session } as const
const put = (variant: { id: string }, quantity: number) =>
  ask(`POST /carts/${cart}/items`, { ...own, body: { variant_id: variant.id, quantity } })
await put(coffee, 1)
await put(mug, 2)
const filled = await ask(`POST /carts/${cart}/coupons`, { ...own, body: { code } })
const [coupon] = filled.adjustments.filter((one: any) => one.code === code)
say('\nIn the cart: one coffee, two mugs')
row('together', filled.subtotal)
row(coupon.label, `-${coupon.amount}`)

// The checkout: who, and where to. From here on the units are held for this buyer.
const checkout = await ask('POST /checkout', {
  ...own,
  body: {
    cart_id: cart,
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
  },
})
say('\nHow it can be sent to Portland, Maine')
for (const { name, amount } of checkout.shipping_options) row(name, amount)

// How: by express. Now the total is final.
const express = { ...own, body: { method: 'express' } }
const { session: priced } = await ask(`PUT /checkout/${checkout.id}/shipping-method`, express)

// Paid once, however often it is sent: the key and the cart both see to it.
const complete = () =>
  ask(`POST /checkout/${checkout.id}/complete`, {
    ...own,
    key: `example-${checkout.id}`,
    body: {
      payment_method: 'CreditCard',
      payment_token: 'pm_test_success',
      expected_total: priced.total,
    },
  })
const placed = await complete()
const again = await complete()
if (again.order_id !== placed.order_id) throw new Error('The same cart was ordered twice.')

// What the shop has now: everything as it was agreed, frozen.
const order = await ask(`GET /orders/${placed.order_id}`, { as: 'shop' })
say(`\n${order.order_number}, ${order.status}, ${order.payment_status}`)
for (const { product_name, quantity, total_price } of order.items) {
  row(`${quantity} x ${product_name}`, total_price)
}
for (const { label, amount } of order.discounts) row(label, `-${amount}`)
row(`${order.shipping.name} shipping`, order.shipping.amount)
for (const { name, rate, reason, taxable_amount, amount } of order.taxes) {
  const percent = reason === 'exempt' ? 'exempt' : `${Number((Number(rate) * 100).toFixed(4))} %`
  row(`${name}, ${percent} of ${taxable_amount}`, amount)
}
row('total', `${order.total_amount}`)

const sum =
  cents(order.subtotal) -
  cents(order.discount_total) +
  cents(order.shipping_total) +
  cents(order.tax_total)
if (sum !== cents(order.total_amount)) throw new Error('The parts do not add up to the total.')
say('\nThe parts add up to the cent.')
