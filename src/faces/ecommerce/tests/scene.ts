import { type House, openHouse } from '#testing'

const AT = '/api/v1/ecommerce'
type Body = Record<string, any>
type Engine = Parameters<typeof openHouse>[0]

/** A house in development, where the published interface needs no credentials. */
export const openShop = (engine: Engine, settings: Body = {}) =>
  openHouse(engine, { settings: { environment: 'development', ...settings } })

export type Speaker = ReturnType<typeof speaker>

/** Asks as the published clients do: without credentials. */
export const speaker =
  (house: House) =>
  (route: string, body?: unknown, headers: Record<string, string> = {}) => {
    const [method, path] = route.split(' ')
    return house.send(`${method} ${path?.startsWith('/api') ? '' : AT}${path}`, {
      as: 'nobody',
      headers,
      ...(body !== undefined && { body }),
    })
  }

/** A product with so much stock; answers its public id. */
export async function stocked(ask: Speaker, more: Body = {}): Promise<string> {
  const product = { sku: 'SKU-100', name: 'Wireless Keyboard', price: '79.99', stock: 10, ...more }
  return (await ask('POST /products', product)).body.id
}

/** An order of two keyboards, confirmed and unpaid. */
export async function ordered(ask: Speaker, more: Body = {}): Promise<Body> {
  const product_id = await stocked(ask, more)
  await ask('POST /cart/items', { product_id, quantity: 2 })
  return (await ask('POST /checkout', { customer_email: 'buyer@example.com' })).body
}

/** A payment intent of an order. */
export const intended = async (ask: Speaker, order_id: string): Promise<Body> =>
  (await ask('POST /payments/intents', { order_id })).body
