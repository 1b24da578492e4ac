import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { UnitCost } from '#modules/warehouse'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

type Cost = UnitCost & { item_id: Id<'item'> }

const ofItems = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  rawQuery(
    open,
    sql<Cost>`select v.item_id, v.cost_amount as amount, p.currency
      from product_variants as v join products as p on p.id = v.product_id
      where ${isOneOf(engine, 'v.item_id', { values: p.items, kind: 'uuid' })}
        and v.cost_amount is not null and v.archived_at is null`,
  ),
)

/** What a unit of these items costs, as their variants say: one statement. */
export async function costsOf(
  ctx: Context,
  items: readonly Id<'item'>[],
): Promise<Map<Id<'item'>, UnitCost>> {
  const rows = items.length > 0 ? await ofItems(ctx, { items }) : []
  return new Map(rows.map(({ item_id, amount, currency }) => [item_id, { amount, currency }]))
}
