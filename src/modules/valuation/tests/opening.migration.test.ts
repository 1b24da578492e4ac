import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { newId } from '#kit/ids'
import { migrate } from '#platform/database/migrate'
import { onEveryEngine, openEmptyDatabase } from '#testing'
import { modules } from '../../../modules.ts'

const NAME = '2026-11-22-40-create-valuation'

onEveryEngine('stock that was there before', (engine) => {
  it('begins with the cost that was told last, or with none', async () => {
    const { database, drop } = await openEmptyDatabase(engine)
    const all = modules.map(({ migrations }) => migrations)
    const before = all.map((own) =>
      Object.fromEntries(Object.entries(own).filter(([name]) => name < NAME)),
    )
    await migrate(database, before)
    const [place, known, unknown] = ['location', 'item', 'item'].map((kind) => newId(kind, 1))
    const now = '2026-11-20T10:00:00.000Z'
    await database.write(async ({ kysely }) => {
      await sql`insert into locations (id, number, code, name, priority, version, created_at,
        updated_at) values (${place}, 1, 'MAIN', 'Main', 1, 1, ${now}, ${now})`.execute(kysely)
      for (const [nth, item] of [known, unknown].entries()) {
        await sql`insert into inventory_items (id, number, sku, sku_key, unit, backorder_limit,
          backordered, version, created_at, updated_at)
          values (${item}, ${nth + 1}, ${`S${nth}`}, ${`s${nth}`}, 'EA', 0, 0, 1, ${now},
            ${now})`.execute(kysely)
        await sql`insert into stock_levels (item_id, location_id, on_hand, reserved, safety_stock,
          version, updated_at) values (${item}, ${place}, 5, 0, 0, 1, ${now})`.execute(kysely)
      }
      for (const [item, quantity, cost] of [
        [known, 2, 100],
        [known, 3, 250],
        [unknown, 5, null],
      ] as const) {
        await sql`insert into stock_movements (id, item_id, location_id, kind, state_to, quantity,
          actor, occurred_at, posted_at, unit_cost_amount, currency)
          values (${newId('movement', 1)}, ${item}, ${place}, 'received', 'sellable', ${quantity},
            'user:1', ${now}, ${now}, ${cost}, ${cost === null ? null : 'EUR'})`.execute(kysely)
      }
    })

    await migrate(database, all)

    const { rows } = await database.read(({ kysely }) =>
      sql<object>`select v.item_id, v.quantity, v.currency, v.average_amount, v.fifo_amount,
          l.left_amount, e.kind, e.cost_source
        from stock_values as v join cost_layers as l on l.item_id = v.item_id
        join value_entries as e on e.item_id = v.item_id order by v.item_id`.execute(kysely),
    )
    const opened = { quantity: 5, kind: 'opening' }
    const worth = (amount: number) => ({
      average_amount: amount,
      fifo_amount: amount,
      left_amount: amount,
    })
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { item_id: known, ...opened, currency: 'EUR', ...worth(1250), cost_source: 'last' },
        { item_id: unknown, ...opened, currency: null, ...worth(0), cost_source: 'unknown' },
      ].toSorted((a, b) => (String(a.item_id) < String(b.item_id) ? -1 : 1)),
    )
    await database.close()
    await drop()
  })
})
