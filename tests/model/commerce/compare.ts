import assert from 'node:assert/strict'
import { comparePayments, compareStock } from '../compare.ts'
import { CUTS } from './terms.ts'
import { asOwner, type Bazaar, money } from './world.ts'

/** All that the shop answers about itself is what the model says. */
export async function compare(world: Bazaar): Promise<void> {
  await compareStock(world)
  await compareOrders(world)
  await comparePayments(world)
  await compareCheckouts(world)
  await compareUses(world)
}

/** The same at the end, with every cart priced anew, and every law kept. */
export async function compareAll(world: Bazaar): Promise<void> {
  await compare(world)
  for (const nth of world.cartIds.keys()) await compareCart(world, nth)
  assert.deepEqual(await world.house.violations(), [])
}

/** A cart with its lines and all its money, to the cent. */
export async function compareCart(world: Bazaar, nth: number): Promise<void> {
  const { house, shop, cartIds, variants } = world
  const cart = shop.cart(nth)
  const route = `GET /api/v1/carts/${cartIds[nth]}`
  const { data } = await house.ask(route, undefined, asOwner(world, cart.owner))
  const { status, subtotal, discount_total, shipping_total, tax_total, total } = data.cart
  assert.equal(status, shop.statusOf(cart), `the status of cart ${nth}`)
  if (cart.status === 'merged') return
  const lines = Object.fromEntries(cart.lines.map(({ sku, quantity }) => [variants[sku], quantity]))
  const items = data.items.map((item: any) => [item.variant_id, item.quantity])
  assert.deepEqual(Object.fromEntries(items), lines, `the lines of cart ${nth}`)
  if (cart.status !== 'open') return
  const { bill } = shop.told(cart)
  assert.deepEqual(
    {
      subtotal,
      discount_total,
      shipping_total,
      tax_total,
      total,
      codes: data.cart.coupon_codes.toSorted(),
    },
    { ...sums(bill), total: money(bill.total), codes: cart.codes.toSorted() },
    `the money of cart ${nth}`,
  )
  const gross = data.items.map((item: any) => item.gross_total)
  assert.deepEqual(
    gross,
    cart.lines.map(({ key }) => money(bill.gross.get(key) ?? -1)),
    `the parts of cart ${nth}`,
  )
}

type Sums = { subtotal: number; discount: number; shipping: number; tax: number }

const sums = ({ subtotal, discount, shipping, tax }: Sums) => ({
  subtotal: money(subtotal),
  discount_total: money(discount),
  shipping_total: money(shipping),
  tax_total: money(tax),
})

async function compareOrders({ house, shop, orderIds }: Bazaar): Promise<void> {
  const by = 'limit=100&sort_by=order_number&sort_order=asc&include_items=true'
  const { data } = await house.ask(`GET /api/v1/orders?${by}`)
  const told = data.items.map((order: any) => ({
    nth: orderIds.indexOf(order.id),
    total: order.total_amount,
    status: order.status,
    paid: order.payment_status,
    fulfilled: order.fulfillment_status === 'fulfilled',
    subtotal: order.subtotal,
    discount_total: order.discount_total,
    shipping_total: order.shipping_total,
    tax_total: order.tax_total,
    lines: order.items.map((item: any) => [
      item.sku,
      item.quantity,
      item.unit_price,
      item.gross_price,
    ]),
  }))
  const believed = shop.orders.flatMap(({ total, status, paid, fulfilled, ...order }, nth) => {
    const billed = shop.bills[nth]
    if (order.archived || order.deleted || !billed) return []
    const lines = billed.lines.map(({ sku, quantity, unit, gross }) => [
      sku,
      quantity,
      money(unit),
      money(gross),
    ])
    return [{ nth, total: money(total), status, paid, fulfilled, ...sums(billed), lines }]
  })
  assert.deepEqual(told, believed)
}

async function compareCheckouts(world: Bazaar): Promise<void> {
  const { house, shop, checkoutIds, orderIds } = world
  for (const [nth, id] of checkoutIds.entries()) {
    const believed = shop.checkout(nth)
    const as = asOwner(world, shop.cart(believed.cart).owner)
    const { data } = await house.ask(`GET /api/v1/checkout/${id}`, undefined, as)
    assert.deepEqual(
      [data.status, data.total, data.order_id, data.shipping_method],
      [
        believed.status,
        money(believed.shown),
        believed.order === undefined ? null : orderIds[believed.order],
        believed.method ?? null,
      ],
      `checkout ${nth}`,
    )
  }
}

async function compareUses({ house, shop, promotions }: Bazaar): Promise<void> {
  for (const { name } of CUTS) {
    const { data } = await house.ask(`GET /api/v1/promotions/${promotions[name]}`)
    assert.equal(data.usage.times_redeemed, shop.used(name), `the uses of ${name}`)
  }
}
