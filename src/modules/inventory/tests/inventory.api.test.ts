import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'

async function shelve(house: House, sku: string, quantity: number, code = 'MAIN'): Promise<void> {
  await house.ask('POST /api/v1/locations', { code, name: `${code} warehouse` })
  const item = { item_number: sku, location_id: code, quantity_on_hand: quantity }
  assert.equal((await house.ask('POST /api/v1/inventory', item)).status, 201)
}

const counts = ({ quantities }: any) => [
  quantities.on_hand,
  quantities.allocated,
  quantities.available,
]

onEveryEngine('inventory', (engine) => {
  it('receives units, and tells them by id, number and SKU in any case', async () => {
    await using house = await openHouse(engine)
    await shelve(house, 'Mug-Blue', 40)

    const { data } = await house.ask('GET /api/v1/inventory/mug-blue')

    assert.deepEqual(counts(data), ['40', '0', '40'])
    assert.equal((await house.ask(`GET /api/v1/inventory/${data.id}`)).data.id, data.id)
    const byNumber = await house.ask(`GET /api/v1/inventory/${data.inventory_item_id}`)
    assert.equal(byNumber.data.id, data.id)
    assert.deepEqual(await house.events(), [
      'location.created',
      'inventory.item_created',
      'inventory.posted',
      'inventory.adjusted',
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('reserves what is there, refuses what is not, and leaves nothing behind', async () => {
    await using house = await openHouse(engine)
    await shelve(house, 'MUG', 5)

    const reserved = await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 3 })
    const refused = await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 3 })

    assert.equal(reserved.status, 200)
    assert.equal(refused.status, 422)
    assert.equal(refused.error.code, 'INSUFFICIENT_STOCK')
    const [shortage] = refused.error.details.shortages
    assert.equal(shortage.requested, 3)
    assert.equal(shortage.available, 2)
    const { data } = await house.ask('GET /api/v1/inventory/MUG')
    assert.deepEqual(counts(data), ['5', '3', '2'])
    assert.deepEqual(await house.violations(), [])
  })

  it('releases part of a reservation, and refuses to release more than is held', async () => {
    await using house = await openHouse(engine)
    await shelve(house, 'MUG', 5)
    const hold = { quantity: 3, reference_id: 'ORD-1001' }
    await house.ask('POST /api/v1/inventory/MUG/reserve', hold)

    const part = await house.ask('POST /api/v1/inventory/MUG/release', { ...hold, quantity: 1 })
    const toomuch = await house.ask('POST /api/v1/inventory/MUG/release', { ...hold, quantity: 3 })

    assert.equal(part.data.quantities.allocated, '2')
    assert.equal(toomuch.status, 422)
    assert.equal(toomuch.error.code, 'NOTHING_RESERVED')
    assert.deepEqual(await house.violations(), [])
  })

  it('takes an order from several locations when no single one has enough', async () => {
    await using house = await openHouse(engine)
    await shelve(house, 'MUG', 3, 'EAST')
    await shelve(house, 'MUG', 4, 'WEST')

    const { status } = await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 6 })

    assert.equal(status, 200)
    const { data } = await house.ask('GET /api/v1/inventory/MUG')
    assert.equal(data.quantities.available, '1')
    assert.deepEqual(await house.violations(), [])
  })

  it('gives stock back when a reservation runs out, even before the sweeper comes', async () => {
    let now = new Date('2026-03-01T12:00:00.000Z')
    await using house = await openHouse(engine, { clock: () => now })
    await shelve(house, 'MUG', 2)
    const hold = { quantity: 2, expires_at: '2026-03-01T13:00:00+01:00' }
    const past = await house.ask('POST /api/v1/inventory/MUG/reserve', hold)
    assert.equal(past.status, 400)
    const held = { ...hold, expires_at: '2026-03-01T12:05:00Z' }
    assert.equal((await house.ask('POST /api/v1/inventory/MUG/reserve', held)).status, 200)
    assert.equal(
      (await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 1 })).status,
      422,
    )

    now = new Date('2026-03-01T12:05:00.000Z')

    assert.equal(
      (await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 2 })).status,
      200,
    )
    const stats = await house.ask('GET /api/v1/inventory/reservations/stats')
    assert.equal(stats.data.active_reservations, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('posts the good rows of a bulk adjustment and names the bad ones', async () => {
    await using house = await openHouse(engine)
    await shelve(house, 'MUG', 5)
    const row = (item_number: string, quantity_delta: number) => ({
      item_number,
      location_id: 'MAIN',
      quantity_delta,
    })

    const { status, data } = await house.ask('POST /api/v1/inventory/bulk-adjust', {
      adjustments: [row('MUG', -2), row('NOPE', 1), row('MUG', -4), row('MUG', 1)],
    })

    assert.equal(status, 200)
    assert.equal(data.successful, 2)
    assert.deepEqual(
      data.errors.map((e: { index: number; code: string }) => [e.index, e.code]),
      [
        [1, 'INVENTORY_ITEM_NOT_FOUND'],
        [2, 'STOCK_BELOW_RESERVED'],
      ],
    )
    assert.equal((await house.ask('GET /api/v1/inventory/MUG')).data.quantities.on_hand, '4')
    const ledger = await house.ask('GET /api/v1/inventory/MUG/movements')
    assert.deepEqual(
      ledger.data.items.map((m: { quantity_delta: number }) => m.quantity_delta),
      [1, -2, 5],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses to count below what is promised, and to archive what is promised', async () => {
    await using house = await openHouse(engine)
    await shelve(house, 'MUG', 5)
    await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 3 })

    const count = { location_id: 'MAIN', on_hand: 2 }
    assert.equal((await house.ask('PUT /api/v1/inventory/MUG', count)).status, 422)
    assert.equal((await house.ask('DELETE /api/v1/inventory/MUG')).status, 409)
    const fine = await house.ask('PUT /api/v1/inventory/MUG', { ...count, on_hand: 3 })
    assert.equal(fine.data.quantities.available, '0')
    assert.deepEqual(await house.violations(), [])
  })

  it('keeps the answer of a repeated key, and refuses the key for another body', async () => {
    await using house = await openHouse(engine)
    await shelve(house, 'MUG', 5)
    const keyed = { headers: { 'idempotency-key': 'one' } }
    const route = 'POST /api/v1/inventory/MUG/reserve'

    const first = await house.ask(route, { quantity: 2 }, keyed)
    const again = await house.ask(route, { quantity: 2 }, keyed)
    const other = await house.ask(route, { quantity: 1 }, keyed)

    assert.deepEqual(again.body, first.body)
    assert.equal(other.status, 422)
    assert.equal(other.error.code, 'IDEMPOTENCY_KEY_REUSED')
    assert.equal((await house.ask('GET /api/v1/inventory/MUG')).data.quantities.allocated, '2')
  })
})
