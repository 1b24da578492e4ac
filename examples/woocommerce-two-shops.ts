// Two shops sell one shelf: this one and a WooCommerce shop. Products, stock and orders find their
// way by themselves, and every unit is sold once.
//
//   node scripts/run.mjs examples/woocommerce-two-shops.ts
//
// It brings both along: a pretended WooCommerce (tests/doubles/woocommerce), and a Tradepost of its
// own that is told of it by four settings. With a real shop nothing else would be different.

import { setTimeout as pause } from 'node:timers/promises'
import { ServerProcess } from '../tests/crash/server.ts'
import { WooDouble } from '../tests/doubles/woocommerce/server.ts'

const woo = await WooDouble.open()
const { settings } = woo
const server = await ServerProcess.open('sqlite', {
  APP__WOOCOMMERCE_URL: settings.woocommerce_url,
  APP__WOOCOMMERCE_CONSUMER_KEY: settings.woocommerce_consumer_key,
  APP__WOOCOMMERCE_CONSUMER_SECRET: settings.woocommerce_consumer_secret,
  APP__WOOCOMMERCE_WEBHOOK_SECRET: settings.woocommerce_webhook_secret,
  APP__OUTBOX_POLL_INTERVAL_MS: '100',
})

/** One call; what the API answers in `data`. Any refusal ends the story with its sentence. */
async function ask(route: string, body?: object): Promise<any> {
  const [method, path] = route.split(' ') as [string, string]
  const { data, error } = await server.ask(method, path, body)
  if (error) throw new Error(`${route}: ${error.code}: ${error.message}`)
  return data
}
const say = (line: string) => console.log(line)

/** Waits for what happens by itself. */
async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const found = await look()
    if (found) return found
    await pause(100)
  }
  throw new Error(`it never came to be: ${what}`)
}

try {
  await ask('POST /locations', { code: 'MAIN', name: 'Main warehouse' })
  await ask('POST /products', { name: 'Teapot', sku: 'TEAPOT', price: '39.00' })
  const shelf = { item_number: 'TEAPOT', location_id: 'MAIN', quantity_on_hand: 20 }
  await ask('POST /inventory', shelf)
  const find = () => [...woo.books.products.values()].find(({ sku }) => sku === 'TEAPOT')
  const teapot = await until('the teapot is in WooCommerce with its stock', async () => {
    const found = find()
    return found?.stock_quantity === 20 && found
  })
  say(`WooCommerce sells ${teapot.name} as ${teapot.id}: ${teapot.regular_price}, 20 in stock`)

  // Somebody buys here and pays: the order goes over.
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const customer = await ask('POST /customers', person)
  const items = [{ sku: 'TEAPOT', quantity: 3 }]
  const order = await ask('POST /orders', { customer_id: customer.id, items })
  await ask('POST /payments', { order_id: order.id, amount: '117.00', payment_method: 'cash' })
  const sent = await until('the order is there', async () => {
    const { items: links } = await ask(`GET /woocommerce/links?id=${order.id}`)
    return links[0]
  })
  say(`${order.order_number} is order ${sent.woocommerce_id} there, paid, once`)
  await until('both count 17', async () => find()?.stock_quantity === 17)
  say('It took three off its own stock, ours had three reserved: both count 17')

  // Somebody buys two over there; its webhook brings the order over.
  const bought = woo.books.createOrder({
    set_paid: true,
    currency: 'USD',
    billing: { first_name: 'Bo', last_name: 'Lee', email: 'bo@example.com' },
    line_items: [{ product_id: teapot.id, quantity: 2 }],
  })
  const { headers, body } = woo.webhook('order.created', bought)
  const hook = `${server.address}/api/v1/woocommerce/webhooks`
  // Webhooks come twice at times.
  for (let time = 0; time < 2; time++) await fetch(hook, { method: 'POST', headers, body })
  const theirs = await until('their order is here', async () => {
    const { items: orders } = await ask('GET /orders?limit=10')
    return orders.find(({ email }: any) => email === 'bo@example.com')
  })
  say(`Order ${bought.id} of WooCommerce is ${theirs.order_number} here: ${theirs.total_amount}`)
  await until('both count 15', async () => find()?.stock_quantity === 15)

  // It is shipped here; there it is completed.
  await ask(`PUT /orders/${order.id}/status`, { status: 'shipped' })
  await until('it is completed there', async () => {
    return woo.books.order(Number(sent.woocommerce_id)).status === 'completed'
  })
  say('Shipped here, completed there')

  const { items: log } = await ask('GET /woocommerce/syncs?status=failed')
  if (log.length > 0) throw new Error(`something failed: ${JSON.stringify(log)}`)
  say('The sync log knows of no failure')
} finally {
  await server.close()
  await woo.close()
}
