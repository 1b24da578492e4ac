import assert from 'node:assert/strict'
import type { Operation } from '#platform/operations'
import type { House } from '#testing'
import type { Input } from './requests.ts'

const ADDRESS = {
  name: 'Ada',
  street: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}

/** Ids of things that are really there, by the path or the member that asks for them. */
export type Things = Record<string, unknown>

/**
 * A small shop made through the API: a location, a product with stock, a customer, an order with a
 * payment, a reservation. `nth` keeps the words of one shop apart from another's in the same house.
 */
export async function furnish(house: House, nth: number): Promise<Things> {
  const make = async (route: string, body?: Input): Promise<Input> => {
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
    shipping_address: ADDRESS,
  })
  const { reservations } = (await make(`POST /api/v1/inventory/${sku}/reserve`, {
    quantity: 1,
    reference_id: `ref-${nth}`,
  })) as { reservations: string[] }
  const others = await furnishTaxAndShipping(make, nth)
  const stocked = await furnishInventory(make, { sku, code })
  const owned = await furnishCreditAndWarranties(make, customer, product)
  const sent = await furnishShipments(make, order, code)
  const returned = await furnishReturns(make, { customer_id: customer.id, sku, nth })
  const worked = await furnishFulfilment(make, { customer_id: customer.id, sku, code })
  const marked = await furnishOrderDesk(make, { order, customer, sku })
  const kept = await furnishWarehouse(make, { customer_id: customer.id, nth })
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
    ...stocked,
    '/api/v1/customers/:id': customer.id,
    '/api/v1/customer-groups/:id': group.id,
    '/api/v1/orders/:id': order.id,
    '/api/v1/promotions/:id': promotion.id,
    ...others,
    ...owned,
    ...sent,
    ...worked,
    ...marked,
    ...returned,
    ...kept,
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

type Make = (route: string, body?: Input) => Promise<Input>
type Desk = { order: Input; customer: Input; sku: string }

/** A note and a document on an order, a bulk operation, an open draft and one that is sent. */
async function furnishOrderDesk(make: Make, { order, customer, sku }: Desk): Promise<Things> {
  const at = `POST /api/v1/orders/${order.id}`
  const note = await make(`${at}/notes`, { body: 'Wants it before Friday.' })
  const url = 'https://files.example.com/customs.pdf'
  const attachment = await make(`${at}/attachments`, { name: 'Customs', url })
  await make(`${at}/tags`, { tags: ['vip'] })
  const change = await make(`${at}/changes`, {
    actions: [{ action: 'set_details', details: { notes: 'Ring twice.' } }],
  })
  const bulk = await make('POST /api/v1/orders/bulk', {
    action: 'add_tags',
    parameters: { tags: ['rush'] },
    order_ids: [order.id],
  })
  const lines = [{ product_id: sku, quantity: 1 }]
  const address = order.shipping_address
  const wanted = { customer_id: customer.id, lines, shipping_address: address }
  const draft = await make('POST /api/v1/drafts', wanted)
  const sent = await make('POST /api/v1/drafts', wanted)
  const { token } = await make(`POST /api/v1/drafts/${sent.id}/send`, {})
  return {
    '/api/v1/orders/:id/changes/:change_id': change.id,
    '/api/v1/orders/:id/notes/:note_id': note.id,
    '/api/v1/orders/:id/attachments/:attachment_id': attachment.id,
    '/api/v1/orders/bulk/:id': bulk.id,
    '/api/v1/drafts/:id': draft.id,
    token,
  }
}

/** A location with a zone and a bin, a lot that was sold and is recalled, a serial, a count. */
async function furnishWarehouse(
  make: Make,
  { customer_id, nth }: { customer_id: unknown; nth: number },
): Promise<Things> {
  const [code, sku, numbered] = [`BINS-${nth}`, `TEA-${nth}`, `DRILL-${nth}`]
  await make('POST /api/v1/locations', { code, name: 'With bins' })
  const zone = await make('POST /api/v1/warehouse/zones', {
    location_id: code,
    code: 'A',
    name: 'A',
  })
  const bins = [{ code: 'A-1' }, { code: 'A-2' }]
  const { bins: made } = await make('POST /api/v1/warehouse/bins', { location_id: code, bins })
  await make(`POST /api/v1/locations/${code}/start-bins`, {})
  const variants = [{ sku, name: 'Green', price: '4.00' }]
  await make('POST /api/v1/products', { name: 'Tea', sku: `T-${nth}`, variants })
  for (const item_number of [sku, numbered]) {
    await make('POST /api/v1/inventory', { item_number, location_id: code, quantity_on_hand: 0 })
  }
  await make(`PUT /api/v1/inventory/${sku}/tracking`, { tracking: 'lot' })
  await make(`PUT /api/v1/inventory/${numbered}/tracking`, { tracking: 'serial' })
  const lines = [
    { item_id: sku, quantity: 9, lot_number: 'L-1' },
    { item_id: numbered, quantity: 1, serial_numbers: ['SN-1'] },
  ]
  await make('POST /api/v1/warehouse/receipts', { location_id: code, lines })
  const { id } = await make('POST /api/v1/orders', {
    customer_id,
    items: [{ product_id: sku, quantity: 1 }],
    shipping_address: ADDRESS,
  })
  await make(`PUT /api/v1/orders/${id}/status`, { status: 'processing' })
  await make(`PUT /api/v1/orders/${id}/status`, { status: 'shipped' })
  const first = async (route: string) =>
    ((await make(`GET /api/v1/${route}`)).items as { id: string }[])[0]?.id
  const lot_id = await first(`lots?item_id=${sku}`)
  const recall = await make('POST /api/v1/recalls', { title: 'Metal in it', lot_ids: [lot_id] })
  const count = await make('POST /api/v1/cycle-counts', { location_id: code })
  return {
    '/api/v1/warehouse/zones/:id': zone.id,
    '/api/v1/warehouse/bins/:id': (made as { id: string }[])[0]?.id,
    '/api/v1/lots/:id': lot_id,
    '/api/v1/serials/:id': await first(`serials?item_id=${numbered}`),
    '/api/v1/recalls/:id': recall.id,
    '/api/v1/recalls/:id/contacts/:contact_id': await first(`recalls/${recall.id}/contacts`),
    '/api/v1/cycle-counts/:id': count.id,
    lot_ids: [lot_id],
    line_ids: [await first(`cycle-counts/${count.id}/sheet`)],
  }
}

/** Two shipments of an order with labels, one of them on a manifest, and a carrier's service. */
async function furnishShipments(make: Make, order: Input, location_id: string): Promise<Things> {
  const [item] = order.items as { id: string }[]
  const labelled = async () => {
    const shipment = await make('POST /api/v1/shipments', {
      order_id: order.id,
      items: [{ order_item_id: item?.id, quantity: 1 }],
      parcels: [{ weight_grams: 500 }],
    })
    const { labels } = await make(`POST /api/v1/shipments/${shipment.id}/label`, {})
    const [label] = labels as Input[]
    return { shipment, label }
  }
  await labelled()
  const manifest = await make('POST /api/v1/manifests', { carrier: 'table', location_id })
  const { shipment, label } = await labelled()
  const zones = [{ name: 'All', delivery_days: 3, bands: [{ up_to_grams: 9000, amount: '5.00' }] }]
  // One for all: a shop has a hundred at most, and it is replaced as a whole.
  const service = 'by-cart'
  await make(`PUT /api/v1/carrier-services/${service}`, { name: 'By cart', zones })
  return {
    '/api/v1/shipments/:id': shipment.id,
    '/api/v1/shipments/track/:tracking_number': label?.tracking_number,
    '/api/v1/labels/:id': label?.id,
    '/api/v1/manifests/:id': manifest.id,
    '/api/v1/carrier-services/:code': service,
  }
}

type Wanted = { customer_id: unknown; sku: string; code: string }

/** A confirmed order in work: one unit packed, one picked, two on a list; and a kind of box. */
async function furnishFulfilment(make: Make, { customer_id, sku, code }: Wanted): Promise<Things> {
  const items = [{ sku, quantity: 4 }]
  const { id } = await make('POST /api/v1/orders', { customer_id, items })
  await make(`PUT /api/v1/orders/${id}/status`, { status: 'confirmed' })
  const routed = await make(`POST /api/v1/orders/${id}/route`, {})
  const [work] = routed.items as { id: string; items: { order_line_id: string }[] }[]
  const at = `POST /api/v1/fulfilment-orders/${work?.id}`
  const units = (quantity: number) => [{ order_line_id: work?.items[0]?.order_line_id, quantity }]
  await make(`${at}/pick`, { items: units(2) })
  const carton = await make(`${at}/cartons`, { items: units(1) })
  const list = await make('POST /api/v1/pick-lists', { location_id: code })
  const box = { name: 'Box', length_mm: 300, width_mm: 200, height_mm: 100 }
  const preset = await make('POST /api/v1/carton-presets', { code: `BOX-${code}`, ...box })
  return {
    '/api/v1/fulfilment-orders/:id': work?.id,
    '/api/v1/fulfilment-orders/:id/cartons/:carton_id': carton.id,
    '/api/v1/cartons/by-code/:code': carton.code,
    '/api/v1/pick-lists/:id': list.id,
    '/api/v1/carton-presets/:id': preset.id,
    fulfilment_order_ids: [work?.id],
  }
}

type Sold = { customer_id: unknown; sku: string; nth: number }

/** An order that arrived: units of it in a return, an exchange and a claim; a reason, a policy. */
async function furnishReturns(make: Make, { customer_id, sku, nth }: Sold): Promise<Things> {
  const items = (quantity: number) => [{ sku, quantity }]
  const order = await make('POST /api/v1/orders', { customer_id, items: items(6) })
  for (const status of ['processing', 'shipped', 'delivered']) {
    await make(`PUT /api/v1/orders/${order.id}/status`, { status })
  }
  const code = `too_small_${nth}`
  await make('POST /api/v1/returns/reasons', { code, label: 'Too small' })
  const policy = await make('POST /api/v1/returns/policies', { name: 'All', reason_code: code })
  const asked = { order_id: order.id, reason: 'Too small.', items: items(1) }
  const back = await make('POST /api/v1/returns', asked)
  const exchange = await make('POST /api/v1/exchanges', { ...asked, new_items: items(1) })
  const claim = await make('POST /api/v1/claims', {
    order_id: order.id,
    description: 'One is in pieces.',
    items: [{ sku, quantity: 1, problem: 'damaged' }],
  })
  return {
    '/api/v1/returns/:id': back.id,
    '/api/v1/returns/reasons/:id': code,
    '/api/v1/returns/policies/:id': policy.id,
    '/api/v1/exchanges/:id': exchange.id,
    '/api/v1/claims/:id': claim.id,
  }
}

/** A gift card, store credit, and a warranty with a claim, of a customer. */
async function furnishCreditAndWarranties(
  make: Make,
  customer: Input,
  product: Input,
): Promise<Things> {
  const money = { initial_amount: '50.00', currency: 'USD' }
  const card = await make('POST /api/v1/gift-cards', money)
  const credit = await make('POST /api/v1/store-credit/grants', {
    customer_id: customer.id,
    currency: 'USD',
    amount: '10.00',
    reason: 'For the long wait.',
  })
  const plan = await make('POST /api/v1/warranties/plans', {
    code: `plan of ${product.id}`,
    name: 'Two years',
    terms: 'Faults of material and making.',
    term_months: 24,
  })
  const warranty = await make('POST /api/v1/warranties', {
    product_id: product.id,
    customer_id: customer.id,
    plan_id: plan.id,
    quantity: 20,
  })
  const claim = await make('POST /api/v1/warranties/claims', {
    warranty_id: warranty.id,
    customer_id: customer.id,
    description: 'The handle came off.',
  })
  return {
    '/api/v1/gift-cards/:id': card.id,
    '/api/v1/store-credit/:id': credit.id,
    '/api/v1/warranties/:id': warranty.id,
    '/api/v1/warranties/plans/:id': plan.id,
    '/api/v1/warranties/claims/:id': claim.id,
    warranty_id: warranty.id,
  }
}

/** A shop to transfer to, a transfer on its way, a rule and a unit of the item. */
async function furnishInventory(
  make: Make,
  { sku, code }: { sku: string; code: string },
): Promise<Things> {
  const shop = `SHOP-${code}`
  await make('POST /api/v1/locations', { code: shop, name: 'Shop', priority: 900 })
  // A house has 50 rules at most, and the walk furnishes more shops than that.
  const near = { kind: 'nearest_region', country: 'NZ' }
  const known = await make('GET /api/v1/inventory/routing-rules?limit=1')
  const [first] = known.items as Input[]
  const isFull = (known.total as number) >= 40
  const rule = (isFull && first) || (await make('POST /api/v1/inventory/routing-rules', near))
  await make(`PUT /api/v1/inventory/${sku}/units/BOX`, { numerator: 12 })
  const transfer = await make('POST /api/v1/inventory/transfers', {
    from_location_id: code,
    to_location_id: shop,
    lines: [{ item_number: sku, quantity: 1 }],
  })
  await make(`POST /api/v1/inventory/transfers/${transfer.id}/dispatch`, {})
  return {
    '/api/v1/inventory/routing-rules/:id': rule.id,
    '/api/v1/inventory/transfers/:id': transfer.id,
    '/api/v1/inventory/:id/units/:code': 'BOX',
    '/api/v1/inventory/:id/locations/:location_id': code,
  }
}

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
