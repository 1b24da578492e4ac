import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Id } from '#kit/ids'
import {
  beginCheckout,
  cartForCheckout,
  convertCart,
  endCheckout,
  pricedCart,
} from '#modules/carts'
import type { Context } from '#platform/context'
import { systemProcess, transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { codesOf, newCustomer, newGuest, openShop } from './shop.ts'

const SHELVES: Record<string, [string, number]> = { MUG: ['12.50', 5], TEA: ['4.00', 30] }
const DAY_MS = 86_400_000

const within = <T>({ app }: House, body: (ctx: Context) => Promise<T>) =>
  transactAsSystem(app, body, 'read committed')

const begin = (house: House, id: string) =>
  within(house, async (ctx) =>
    beginCheckout(ctx, await cartForCheckout(ctx, { cart_id: id as Id<'cart'> })),
  )

const convert = (house: House, id: string, order_id: string) =>
  within(house, async (ctx) => {
    const stored = await cartForCheckout(ctx, { cart_id: id as Id<'cart'> })
    const told = await pricedCart(ctx, stored)
    return convertCart(ctx, stored, { order_id: order_id as Id<'order'>, told })
  })

/** All but the one that wants an order for the cart: here are none. */
const violations = async (house: House) =>
  (await house.violations()).filter((line) => !line.includes('I-04'))

onEveryEngine('a cart with a checkout', (engine) => {
  it('is Converting, may still change, and is Active again when the checkout ends', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house, { items: [{ sku: 'MUG', quantity: 3 }] })
    const status = async () => (await guest.ask('GET ')).data.cart.status

    const begun = await begin(house, guest.id)
    assert.equal((await begin(house, guest.id)).cart.version, begun.cart.version)
    assert.equal(await status(), 'Converting')
    const added = await guest.ask('POST /items', { sku: 'TEA', quantity: 1 })
    assert.equal(added.status, 200)
    assert.ok(added.data.version > begun.cart.version, 'so that the checkout sees it')

    await within(house, (ctx) => endCheckout(ctx, { cart_id: guest.id as Id<'cart'> }))
    assert.equal(await status(), 'Active')
    assert.deepEqual(await violations(house), [])
  })

  it('says nothing of stock that the checkout holds for it, and may ask for what is left', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house, { items: [{ sku: 'MUG', quantity: 3 }] })
    await begin(house, guest.id)
    const hold = { quantity: 3, reference_type: 'hold', reference_id: 'of-the-checkout' }
    const held = await house.ask('POST /api/v1/inventory/MUG/reserve', hold)
    assert.ok(held.status < 300, JSON.stringify(held.body))

    assert.deepEqual(codesOf((await guest.ask('GET ')).data.cart), [])
    assert.equal((await guest.ask('POST /items', { sku: 'MUG', quantity: 2 })).status, 200)
    const { status, error } = await guest.ask('POST /items', { sku: 'MUG', quantity: 3 })
    assert.deepEqual([status, error.code], [422, 'INSUFFICIENT_STOCK'])
  })

  it('neither expires nor is merged while the checkout is open', async () => {
    let now = Date.parse('2026-01-05T09:00:00.000Z')
    await using house = await openHouse(engine, { clock: () => new Date(now) })
    await openShop(house, SHELVES)
    const guest = await newGuest(house, { items: [{ sku: 'MUG', quantity: 1 }] })
    const ada = await newCustomer(house)
    await begin(house, guest.id)
    const { session_id } = guest
    const merged = await house.ask('POST /api/v1/carts/merge', { session_id }, { as: ada.as })
    assert.equal(merged.status, 404)
    now += 40 * DAY_MS
    for (const schedule of house.app.modules.flatMap((module) => module.schedules ?? [])) {
      if (schedule.name.startsWith('carts.')) await schedule.run(systemProcess(house.app))
    }
    assert.equal((await guest.ask('GET ')).data.cart.status, 'Converting')
    assert.deepEqual(await violations(house), [])
  })

  it('becomes one order, however many try, and never changes again', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house, { items: [{ sku: 'MUG', quantity: 2 }] })
    await begin(house, guest.id)

    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => convert(house, guest.id, crypto.randomUUID())),
    )

    const done = tries.filter(({ status }) => status === 'fulfilled')
    assert.equal(done.length, 1)
    for (const one of tries) {
      if (one.status === 'rejected') assert.equal(one.reason.code, 'CART_CANNOT_CONVERT')
    }
    const before = (await guest.ask('GET ')).data
    assert.deepEqual([before.cart.status, before.cart.total], ['Converted', '37.00'])
    assert.equal((await guest.ask('POST /items', { sku: 'TEA', quantity: 1 })).status, 409)
    const variant = before.items[0].variant_id
    await house.ask(`PUT /api/v1/products/variants/${variant}/price`, { price: '99.00' })
    assert.deepEqual((await guest.ask('GET ')).data, before)
    assert.deepEqual(await violations(house), [])
  })
})
