import assert from 'node:assert/strict'
import { it } from 'node:test'
import { reserveStock, transferReservations } from '#modules/inventory'
import type { Context } from '#platform/context'
import { transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { runSchedules } from '../../../../tests/races/shop.ts'

const MINUTE = 60_000
const from = { reference_type: 'checkout', reference_id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10' }
const to = { reference_type: 'basket', reference_id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e11' }

async function shelve(house: House): Promise<never> {
  await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  const stock = { item_number: 'MUG', location_id: 'MAIN', quantity_on_hand: 10 }
  return (await house.ask('POST /api/v1/inventory', stock)).data.id as never
}

const quantities = async (house: House) =>
  (await house.ask('GET /api/v1/inventory/MUG')).data.quantities

onEveryEngine('what is held for one', (engine) => {
  it('is handed to another once, without an end, and the level does not move', async () => {
    await using house = await openHouse(engine)
    const item_id = await shelve(house)
    const write = <T>(body: (ctx: Context) => Promise<T>) => transactAsSystem(house.app, body)
    await write((ctx) => {
      const expires_at = new Date(Date.parse(ctx.now) + MINUTE).toISOString()
      return reserveStock(ctx, [{ item_id, quantity: 3 }], { ...from, expires_at })
    })

    const moved = await write((ctx) => transferReservations(ctx, { from, to }))
    const again = await write((ctx) => transferReservations(ctx, { from, to }))

    assert.deepEqual(
      moved.map(({ quantity }) => quantity),
      [3],
    )
    assert.deepEqual(again, [])
    assert.equal((await quantities(house)).allocated, '3')
    assert.ok((await house.events()).includes('inventory.transferred'))
    assert.deepEqual(await house.violations(), [])
  })

  it('is not handed on once its time is over', async () => {
    let now = Date.now()
    await using house = await openHouse(engine, { clock: () => new Date(now) })
    const item_id = await shelve(house)
    const write = <T>(body: (ctx: Context) => Promise<T>) => transactAsSystem(house.app, body)
    const expires_at = new Date(now + MINUTE).toISOString()
    await write((ctx) => reserveStock(ctx, [{ item_id, quantity: 3 }], { ...from, expires_at }))
    now += MINUTE

    assert.deepEqual(await write((ctx) => transferReservations(ctx, { from, to })), [])
    await runSchedules(house)

    assert.equal((await quantities(house)).available, '10')
    assert.deepEqual(await house.violations(), [])
  })

  it('goes to the other or back to the shelf, never both, at the moment its time is over', async () => {
    let now = Date.now()
    await using house = await openHouse(engine, { clock: () => new Date(now) })
    const item_id = await shelve(house)
    const write = <T>(body: (ctx: Context) => Promise<T>) =>
      transactAsSystem(house.app, body, 'read committed')
    for (let round = 0; round < 10; round++) {
      const holder = { reference_type: 'checkout', reference_id: `round ${round}` }
      const next = { reference_type: 'basket', reference_id: `round ${round}` }
      const expires_at = new Date(now + 1).toISOString()
      await write((ctx) => reserveStock(ctx, [{ item_id, quantity: 1 }], { ...holder, expires_at }))
      const before = Number((await quantities(house)).allocated)
      const transfer = write((ctx) => transferReservations(ctx, { from: holder, to: next }))
      now += 1
      const [moved] = await Promise.all([transfer, runSchedules(house)])
      const after = Number((await quantities(house)).allocated)
      assert.equal(after, moved.length === 1 ? before : before - 1)
      assert.deepEqual(await house.violations(), [])
    }
  })
})
