// A gift card is bought, told to its buyer by mail, and spent in a checkout beside a credit card.
//
//   npm start                                               in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/gift-card.ts     in another
//
// The shop here has no mail server, so its mails are kept, and staff with the key can read them.

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

/** Without a `session` the shop asks, with its key; a visitor has no secret before their cart. */
type Sent = { body?: object; session?: string; key?: string }

/** One call; what the API answers in `data`. Any refusal ends the story with its sentence. */
async function ask(route: string, { body, session, key }: Sent = {}): Promise<any> {
  const [method, path] = route.split(' ') as [string, string]
  const response = await fetch(`${API}/api/v1${path}`, {
    method,
    headers: {
      ...(session === undefined && { 'X-API-Key': KEY }),
      ...(session && { 'X-Cart-Session': session }),
      ...(key && { 'Idempotency-Key': key }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const { data, error } = (await response.json()) as any
  if (error) throw new Error(`${route}: ${error.code}: ${error.message}`)
  return data
}

const say = (line: string) => console.log(line)
const row = (what: string, amount: string) => say(`  ${what.padEnd(52)}${amount.padStart(10)}`)
const cents = (text: string) => Math.round(Number(text) * 100)

// The shop sells a gift card in two denominations: a product like any other, but for its flag.
const mark = Date.now().toString(36).toUpperCase()
const denomination = (value: string) => ({
  sku: `GIFT-${mark}-${value}`,
  name: value,
  price: `${value}.00`,
  options: { Value: value },
})
const product = await ask('POST /products', {
  body: {
    name: 'Gift card of this story',
    sku: `GIFT-${mark}`,
    currency: 'USD',
    is_gift_card: true,
    gift_card_valid_days: 1095,
    options: [{ name: 'Value', choices: ['10', '25'] }],
    variants: [denomination('10'), denomination('25')],
  },
})
say('On the shelf')
for (const { name, price } of product.variants) row(`${product.name}, ${name}`, price)

/** A visitor with a cart: their secret, and the checkout that is begun. */
async function visitor(lines: { sku: string; quantity: number }[], more: object = {}) {
  const cart = await ask('POST /carts', { session: '', body: { items: lines, currency: 'USD' } })
  const { session_id: session } = cart
  const body = { cart_id: cart.id, email: 'ada.brook@example.com', ...more }
  const checkout = await ask('POST /checkout', { session, body })
  return { session, checkout }
}

// Ada buys one. Nothing is to be sent, and no tax is due yet: nobody knows what it will buy.
const ada = await visitor([{ sku: `GIFT-${mark}-10`, quantity: 1 }])
const card = { payment_method: 'CreditCard', payment_token: 'pm_test_success' }
const bought = await ask(`POST /checkout/${ada.checkout.id}/complete`, {
  session: ada.session,
  key: `gift-${mark}`,
  body: card,
})
say(`\n${bought.order_number} of one gift card`)
row('tax', ada.checkout.tax_total)
row('total', bought.total)
if (cents(ada.checkout.tax_total) !== 0) throw new Error('A gift card was taxed when it was sold.')

// Its code stands in one mail, and nowhere else.
const mail = await letterOf(bought.order_id)
const code = /([0-9A-Z]{4}-){3}[0-9A-Z]{4}/.exec(mail.text)?.[0]
if (!code) throw new Error('The mail tells no code.')
say(`\n“${mail.subject}” was written to ${mail.to}`)

/** The mail of the card; a job writes it a moment after the order is paid. */
async function letterOf(order_id: string): Promise<any> {
  for (let tries = 0; tries < 200; tries++) {
    const { items } = await ask(`GET /notifications?kind=gift_card&order_id=${order_id}`)
    if (items[0]) return ask(`GET /notifications/${items[0].id}`)
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('No mail was written.')
}

// Grace, who was given it, pays with it. The card does not cover all: the rest is for a credit
// card.
const found = await ask('GET /products?category=coffee&in_stock=true')
const coffee = found.items[0].variants.find((one: any) => one.available_quantity >= 3)
const grace = await visitor([{ sku: coffee.sku, quantity: 3 }], {
  email: 'grace.hill@example.com',
  shipping_address: {
    first_name: 'Grace',
    last_name: 'Hill',
    address_line_1: '12 Harbour Street',
    city: 'Portland',
    province: 'ME',
    postal_code: '04101',
    country_code: 'US',
  },
  shipping_method: 'express',
})
const { session } = grace
const applied = await ask(`POST /checkout/${grace.checkout.id}/gift-cards`, {
  session,
  body: { code },
})
say('\nIn the checkout of three coffees')
row('total', applied.total)
row(`gift card that ends in ${applied.credits[0].last_four}`, `-${applied.credit_total}`)
row('still to pay', applied.amount_due)

const paid = await ask(`POST /checkout/${grace.checkout.id}/complete`, {
  session,
  key: `spend-${mark}`,
  body: { ...card, expected_total: applied.total },
})
const payments = await ask(`GET /payments/order/${paid.order_id}`)
say(`\n${paid.order_number} was paid by`)
for (const { payment_method, amount } of payments) row(payment_method, amount)
const sum = payments.reduce((all: number, { amount }: any) => all + cents(amount), 0)
if (sum !== cents(paid.total)) throw new Error('The payments do not add up to the total.')

const left = await ask('POST /gift-cards/balance', { session, body: { code } })
say(`\nOn the gift card is ${left.balance} now.`)
if (cents(left.balance) !== 0) throw new Error('The gift card was not spent first.')
