// An assistant by the Model Context Protocol: it finds a product, fills a cart and checks it out,
// and an operator's assistant asks what runs low. Written without a library, to show the messages.
//
//   npm start                                               in one terminal; prints a key
//   KEY=sk_… node scripts/run.mjs examples/mcp-assistant.ts in another

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

const VERSION = '2026-07-28'
let messages = 0

/** One message of the protocol: each stands alone. */
async function send(method: string, params: object, key?: string): Promise<any> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': VERSION,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'example', version: '1.0.0' },
  }
  const { name } = params as { name?: string }
  const response = await fetch(`${API}/mcp`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': VERSION,
      'Mcp-Method': method,
      ...(name && { 'Mcp-Name': name }),
      ...(key && { 'X-API-Key': key }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: ++messages,
      method,
      params: { ...params, _meta: meta },
    }),
  })
  const { result, error } = (await response.json()) as any
  if (error) throw new Error(`${method}: ${error.message}`)
  return result
}

/** Calls a tool; a refusal ends the story. */
async function tool(name: string, input: object = {}, key?: string): Promise<any> {
  const result = await send('tools/call', { name, arguments: input }, key)
  if (result.isError) throw new Error(`${name}: ${result.structuredContent.message}`)
  return result.structuredContent
}

const say = (line: string) => console.log(line)

const { tools } = await send('tools/list', {})
say(`A guest's assistant has ${tools.length} tools.`)

// A product that is in stock.
const { items: found } = await tool('search_products', { limit: 20 })
const product = found.find(({ in_stock }: any) => in_stock)
say(`It finds: ${product.name} for ${product.price} ${product.currency}.`)

// A cart, a checkout, an order.
const variant = product.variants.find(({ in_stock }: any) => in_stock)
const items = [{ product: variant.sku, quantity: 1 }]
const cart = await tool('open_cart', { items, idempotency_key: crypto.randomUUID() })
const mine = { cart_id: cart.id, session_id: cart.session_id }
const checkout = await tool('start_checkout', {
  ...mine,
  email: `mira.${Date.now().toString(36)}@example.com`,
  shipping_address: {
    first_name: 'Mira',
    last_name: 'Lund',
    address_line_1: '4 Quay Road',
    city: 'Portland',
    province: 'ME',
    postal_code: '04101',
    country_code: 'US',
  },
  shipping_method: cart.shipping_options[0]?.code,
})
const order = await tool('complete_checkout', {
  checkout_id: checkout.id,
  session_id: cart.session_id,
  payment_method: 'CreditCard',
  payment_token: 'pm_test_success',
  expected_total: checkout.total,
  idempotency_key: crypto.randomUUID(),
})
say(`It orders: ${order.order_number}, ${order.total} ${order.currency}, ${order.payment.status}.`)

// Somebody who works there sees more.
const { order_number, status } = await tool('get_order', { order: order.order_id }, KEY)
say(`Staff sees ${order_number}: ${status}.`)
const low = await tool('low_stock', { limit: 3 }, KEY)
say(`And that ${low.total} articles run low.`)
