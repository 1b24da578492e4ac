import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { SKUS, type Warehouse } from './world.ts'

/** Every invariant of every module, and that no unit came from nowhere or vanished. */
export async function audit(world: Warehouse): Promise<void> {
  const { house, expected } = world
  const trace = () => world.transcript.slice(-12).join('\n')
  assert.deepEqual(await house.violations(), [], trace())
  const { rows } = await house.database.read((session) =>
    sql<{ sku: string; units: number }>`
      select i.sku, coalesce((select sum(l.on_hand) from stock_levels as l where l.item_id = i.id), 0)
        + coalesce((select sum(s.quantity) from stock_states as s where s.item_id = i.id), 0)
        + coalesce((select sum(t.shipped_quantity - t.received_quantity - t.lost_quantity
            - t.returned_quantity)
            from transfer_lines as t where t.item_id = i.id), 0) as units
      from inventory_items as i`.execute(session.kysely),
  )
  const units = Object.fromEntries(rows.map(({ sku, units }) => [sku, Number(units)]))
  for (const sku of SKUS) {
    assert.equal(units[sku], expected[sku], `units of ${sku}; last steps:\n${trace()}`)
  }
}
