import assert from 'node:assert/strict'
import type { Operation } from '#platform/operations'
import type { House } from '#testing'
import type { Input } from './requests.ts'

/** Ids of things that are really there, by the path or the member that asks for them. */
export type Things = Record<string, unknown>

/**
 * A small shop made through the API: a location, a product with stock, a customer, an order with a
 * payment, a reservation. `nth` keeps the words of one shop apart from another's in the same house.
 */
export async function furnish(house: House, nth: number): Promise<Things> {
  const make = async (route: string, body: Input): Promise<Input> => {
    const { status, data, error } = await house.ask(route, body)
    assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
    return data
  }
  const code = `MAIN-${nth}`
  const sku = `MUG-${nth}`
  await make('POST /api/v1/locations', { code, name: 'Main warehouse', priority: 10 })
  const product = await make('POST /api/v1/products', {
    name: 'Mug',
    sku: `M-${nth}`,
    variants: [{ sku, name: 'Blue', price: '12.50' }],
  })
  await make('POST /api/v1/inventory', {
    item_number: sku,
    location_id: code,
    quantity_on_hand: 50,
  })
  const customer = await make('POST /api/v1/customers', {
    email: `ada${nth}@example.com`,
    first_name: 'Ada',
    last_name: 'King',
  })
  const order = await make('POST /api/v1/orders', {
    customer_id: customer.id,
    items: [{ product_id: sku, quantity: 2 }],
    shipping_address: {
      name: 'Ada',
      street: '12 Harbour Street',
      city: 'Portland',
      state: 'ME',
      postal_code: '04101',
      country: 'US',
    },
  })
  const { reservations } = (await make(`POST /api/v1/inventory/${sku}/reserve`, {
    quantity: 1,
    reference_id: `ref-${nth}`,
  })) as { reservations: string[] }
  const [variant] = (product.variants ?? []) as { id: string }[]
  const events = await house.ask('GET /api/v1/admin/outbox?limit=1')
  return {
    '/api/v1/locations/:id': code,
    '/api/v1/products/:id': product.id,
    '/api/v1/inventory/:id': sku,
    '/api/v1/inventory/reservations/:id': reservations[0],
    '/api/v1/customers/:id': customer.id,
    '/api/v1/orders/:id': order.id,
    '/api/v1/admin/outbox/:id': events.data.items[0]?.id,
    customer_id: customer.id,
    order_id: order.id,
    variant_id: variant?.id,
    location_id: code,
    item_number: sku,
    sku,
  }
}

/** An operation's example in which the ids are those of real things, wherever there are any. */
export function realExample({ rest, example = {} }: Operation, things: Things): Input {
  const [, url = ''] = rest.split(' ')
  const real = Object.entries(example).map(([name, value]) => {
    const owner = url.includes(`:${name}`) && `${url.split(`/:${name}`)[0]}/:${name}`
    return [name, things[owner || name] ?? things[name] ?? value]
  })
  return Object.fromEntries(real)
}
