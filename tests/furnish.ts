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
  const category = await make('POST /api/v1/categories', { name: `Mugs ${nth}` })
  const attribute = await make('POST /api/v1/attributes', {
    code: `volume_${nth}`,
    label: 'Volume',
    type: 'number',
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
  const club = { code: `club-${nth}`, name: 'Club' }
  const group = await make('POST /api/v1/customer-groups', club)
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
  const others = await furnishTaxAndShipping(make, nth)
  const ten = { name: 'Ten off', kind: 'percent', percent: '10', code: `TEN-${nth}` }
  const promotion = await make('POST /api/v1/promotions', ten)
  const cart = await make('POST /api/v1/carts', { items: [{ sku, quantity: 1 }] })
  const [cartItem] = cart.items as { id: string }[]
  const basket = await make('POST /api/v1/carts', { items: [{ sku, quantity: 1 }] })
  const checkout = await make('POST /api/v1/checkout', { cart_id: basket.id })
  const [variant] = (product.variants ?? []) as { id: string }[]
  const events = await house.ask('GET /api/v1/admin/outbox?limit=1')
  return {
    '/api/v1/locations/:id': code,
    '/api/v1/products/:id': product.id,
    '/api/v1/products/by-slug/:slug': product.slug,
    '/api/v1/categories/:id': category.id,
    '/api/v1/attributes/:id': attribute.id,
    '/api/v1/inventory/:id': sku,
    '/api/v1/inventory/reservations/:id': reservations[0],
    '/api/v1/customers/:id': customer.id,
    '/api/v1/customer-groups/:id': group.id,
    '/api/v1/orders/:id': order.id,
    '/api/v1/promotions/:id': promotion.id,
    ...others,
    '/api/v1/carts/:id': cart.id,
    '/api/v1/carts/:id/items/:item_id': cartItem?.id,
    '/api/v1/checkout/:id': checkout.id,
    cart_id: cart.id,
    '/api/v1/admin/outbox/:id': events.data.items[0]?.id,
    customer_id: customer.id,
    customer_ids: [customer.id],
    order_id: order.id,
    variant_id: variant?.id,
    location_id: code,
    item_number: sku,
    sku,
  }
}

type Make = (route: string, body: Input) => Promise<Input>

/**
 * A tax rate of a class of its own, a zone far away, and a method. The first shop's method has the
 * code of a built-in one, so that checkouts find it where methods are configured too.
 */
async function furnishTaxAndShipping(make: Make, nth: number): Promise<Things> {
  const tax_class = `class-${nth}`
  await make('POST /api/v1/tax/classes', { code: tax_class, name: `Class ${nth}` })
  const gst = { country: 'NZ', name: 'GST', rate: '0.15', tax_class }
  const rate = await make('POST /api/v1/tax/rates', gst)
  const areas = [{ country: 'NZ' }]
  const zone = await make('POST /api/v1/shipping/zones', { name: `Far away ${nth}`, areas })
  const method = await make('POST /api/v1/shipping/methods', {
    code: nth === 0 ? 'standard' : `parcel-${nth}`,
    name: 'Parcel',
    estimated_days_min: 2,
    estimated_days_max: 4,
    rates: [{ amount: '10.00' }],
  })
  return {
    '/api/v1/tax/classes/:id': tax_class,
    '/api/v1/tax/rates/:id': rate.id,
    '/api/v1/shipping/zones/:id': zone.id,
    '/api/v1/shipping/methods/:id': method.id,
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
