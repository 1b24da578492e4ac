import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import { asGuest, codesOf, linesOf, newCustomer, newGuest, openShop } from './shop.ts'

const SHELVES: Record<string, [string, number]> = {
  MUG: ['12.50', 5],
  TEA: ['4.00', 30],
  CAP: ['9.00', 10],
}

/** A guest with mugs and tea, and a customer with a mug and a cap in a cart of their own. */
async function openBoth(house: House) {
  await openShop(house, SHELVES)
  const guest = await newGuest(house, {
    email: 'ada@example.com',
    items: [
      { sku: 'MUG', quantity: 2 },
      { sku: 'TEA', quantity: 4 },
    ],
  })
  const ada = await newCustomer(house)
  const items = [
    { sku: 'MUG', quantity: 1 },
    { sku: 'CAP', quantity: 1 },
  ]
  const { data: own } = await house.ask('POST /api/v1/carts', { items }, { as: ada.as })
  const { session_id } = guest
  return { guest, ada, own, session_id }
}

const TOGETHER = { MUG: 3, CAP: 1, TEA: 4 }

onEveryEngine("a guest's cart", (engine) => {
  it('is merged into the cart of the customer who signed in: quantities summed, once', async () => {
    await using house = await openHouse(engine)
    const { guest, ada, own, session_id } = await openBoth(house)
    const merge = () => house.ask('POST /api/v1/carts/merge', { session_id }, { as: ada.as })

    const merged = await merge()
    assert.equal(merged.status, 200, JSON.stringify(merged.body))
    assert.equal(merged.data.id, own.id)
    assert.deepEqual(linesOf(merged.data), TOGETHER)
    assert.equal(merged.data.email, 'ada@example.com')
    assert.deepEqual((await merge()).data, merged.data)

    const left = await house.ask(`GET /api/v1/carts/${guest.id}`, undefined, asGuest(session_id))
    assert.deepEqual([left.data.cart.status, left.data.cart.merged_into], ['Converted', own.id])
    const events = (await house.events()).filter((name) => /^cart\.(merged|converted)$/.test(name))
    assert.deepEqual(events, ['cart.merged', 'cart.converted'])
    assert.deepEqual(await house.violations(), [])
  })

  it('is capped at what is in stock, and the buyer is told until they have touched the line', async () => {
    await using house = await openHouse(engine)
    const { guest, ada, own, session_id } = await openBoth(house)
    await guest.ask('POST /items', { sku: 'MUG', quantity: 3 })

    const { data } = await house.ask('POST /api/v1/carts/merge', { session_id }, { as: ada.as })

    assert.deepEqual(linesOf(data), { ...TOGETHER, MUG: 5 })
    assert.deepEqual(codesOf(data), ['quantity_lowered'])
    const [notice] = data.notices
    assert.deepEqual([notice.sku, notice.requested, notice.available], ['MUG', 6, 5])
    const set = await house.ask(
      `PUT /api/v1/carts/${own.id}/items/${notice.item_id}`,
      { quantity: 4 },
      { as: ada.as },
    )
    assert.deepEqual(codesOf(set.data), [])
    assert.deepEqual(await house.violations(), [])
  })

  it('is merged by the first signed-in change that carries its secret', async () => {
    await using house = await openHouse(engine)
    const { ada, own, session_id } = await openBoth(house)
    const headers = { 'x-cart-session': session_id }
    const tea = { sku: 'TEA', quantity: 1 }

    const added = await house.ask(`POST /api/v1/carts/${own.id}/items`, tea, {
      as: ada.as,
      headers,
    })

    assert.equal(added.status, 200, JSON.stringify(added.body))
    assert.deepEqual(linesOf(added.data), { ...TOGETHER, TEA: 5 })
    assert.deepEqual(await house.violations(), [])
  })

  it('goes on under its old id and its old items, for the customer who has its lines now', async () => {
    await using house = await openHouse(engine)
    const { guest, ada, own, session_id } = await openBoth(house)
    const tea = guest.opened.items.find(({ sku }: { sku: string }) => sku === 'TEA')
    const more = { as: ada.as, headers: { 'x-cart-session': session_id } }
    const path = `/api/v1/carts/${guest.id}`

    const set = await house.ask(`PUT ${path}/items/${tea.id}`, { quantity: 9 }, more)

    assert.deepEqual([set.status, set.data?.id], [200, own.id], JSON.stringify(set.body))
    assert.deepEqual(linesOf(set.data), { ...TOGETHER, TEA: 9 })
    const read = await house.ask(`GET ${path}`, undefined, { as: ada.as })
    assert.equal(read.data.cart.id, own.id)
    const guestAgain = await guest.ask('POST /items', { sku: 'CAP', quantity: 1 })
    assert.deepEqual([guestAgain.status, guestAgain.error.code], [409, 'CART_NOT_OPEN'])
  })

  it('goes into a new cart where the customer has none, and POST /carts merges too', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const ada = await newCustomer(house)
    const first = await newGuest(house, { items: [{ sku: 'TEA', quantity: 2 }] })
    const second = await newGuest(house, {
      session_id: first.session_id,
      items: [{ sku: 'TEA', quantity: 1 }],
    })
    const { session_id } = first
    const merged = await house.ask('POST /api/v1/carts/merge', { session_id }, { as: ada.as })
    assert.deepEqual(linesOf(merged.data), { TEA: 3 })
    assert.equal(merged.data.customer_id, ada.id)
    assert.ok(![first.id, second.id].includes(merged.data.id))

    const third = await newGuest(house, { session_id, items: [{ sku: 'CAP', quantity: 1 }] })
    const items = [{ sku: 'CAP', quantity: 1 }]
    const opened = await house.ask('POST /api/v1/carts', { session_id, items }, { as: ada.as })
    assert.deepEqual([opened.status, linesOf(opened.data)], [201, { CAP: 2 }])
    assert.notEqual(opened.data.id, merged.data.id)
    assert.equal((await third.ask('GET ')).data.cart.merged_into, opened.data.id)
    assert.deepEqual(await house.violations(), [])
  })

  it('dropped or cleared by the customer takes nothing of their own along', async () => {
    await using house = await openHouse(engine)
    const { guest, ada, own, session_id } = await openBoth(house)
    const more = { as: ada.as, headers: { 'x-cart-session': session_id } }
    const cleared = await house.ask(`POST /api/v1/carts/${guest.id}/clear`, {}, more)
    assert.deepEqual([cleared.status, cleared.data.cart.id], [200, guest.id])
    assert.equal((await house.ask(`DELETE /api/v1/carts/${guest.id}`, undefined, more)).status, 204)
    const { data } = await house.ask(`GET /api/v1/carts/${own.id}`, undefined, { as: ada.as })
    assert.deepEqual([data.cart.status, linesOf(data)], ['Active', { MUG: 1, CAP: 1 }])
    assert.deepEqual(await house.violations(), [])
  })

  it('is merged for customers only, and into no cart but their own', async () => {
    await using house = await openHouse(engine)
    const { guest, session_id } = await openBoth(house)
    const bo = await newCustomer(house, 'bo@example.com')
    const cyd = await newCustomer(house, 'cyd@example.com')
    const { data: foreign } = await house.ask('POST /api/v1/carts', {}, { as: cyd.as })
    const asked = { session_id }
    assert.equal((await house.ask('POST /api/v1/carts/merge', asked, asGuest())).status, 401)
    assert.equal(
      (await house.ask('POST /api/v1/carts/merge', asked)).error.code,
      'CART_NEEDS_CUSTOMER',
    )
    const into = `POST /api/v1/carts/${foreign.id}/merge`
    assert.equal((await house.ask(into, asked, { as: bo.as })).status, 404)
    const nothing = { session_id: 'a-session-that-never-was' }
    assert.equal((await house.ask('POST /api/v1/carts/merge', nothing, { as: bo.as })).status, 404)
    assert.equal((await guest.ask('GET ')).data.cart.status, 'Active')
  })
})
