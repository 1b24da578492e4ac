import assert from 'node:assert/strict'
import { it } from 'node:test'
import { consumeUnits, postMovements, reserveStock } from '#modules/inventory'
import type { Isolation } from '#platform/database/database'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { openShop } from './shop.ts'

const ISOLATIONS: (Isolation | undefined)[] = [undefined, 'read committed']

onEveryEngine('at the same moment', (engine) => {
  it('receipts, shipments from two locations and a revaluation keep one value', async () => {
    await using shop = await openShop(engine)
    const item_id = shop.items.get('SALT') as never
    const { id: east } = await shop.make('GET /api/v1/locations/EAST')
    await shop.receive(20, '2.00')
    await shop.receive(20, '3.00', { location_id: 'EAST' })

    const take = (nth: number) =>
      transactAsSystem(
        shop.house.app,
        async (ctx) => {
          const reference = { reference_type: 'basket', reference_id: `B-${nth}` }
          await reserveStock(ctx, [{ item_id, quantity: 2 }], reference)
          const location_id = shop.location_id as never
          await consumeUnits(ctx, reference, [{ item_id, location_id, quantity: 2 }])
        },
        ISOLATIONS[nth % 2],
      )
    const lose = (nth: number) =>
      transactAsSystem(
        shop.house.app,
        (ctx) =>
          postMovements(ctx, [
            {
              item_id,
              sku: 'SALT',
              location_id: east as never,
              quantity_delta: -1,
              kind: 'adjusted',
              reason: null,
            },
          ]),
        ISOLATIONS[nth % 2],
      )
    const nths = Array.from({ length: 8 }, (_, nth) => nth)
    await Promise.all([
      ...nths.map(take),
      ...nths.map(lose),
      ...nths.map(() => shop.receive(1, '4.00')),
      shop.make('POST /api/v1/inventory/SALT/revaluations', { unit_cost: '2.50' }),
    ])

    const [quantity] = await shop.worth()
    assert.equal(quantity, 40 - 16 - 8 + 8)
    assert.deepEqual(await shop.house.violations(), [])
  })

  it('the first receipts of an item make one value of all', async () => {
    await using shop = await openShop(engine)
    await Promise.all(Array.from({ length: 10 }, () => shop.receive(1, '2.00')))
    assert.deepEqual(await shop.worth(), [10, '20.00', '20.00'])
    assert.deepEqual(await shop.house.violations(), [])
  })
})
