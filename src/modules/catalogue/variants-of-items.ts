import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

const byItem = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('product_variants')
    .select(['id', 'item_id'])
    .where(isOneOf(engine, 'item_id', { values: p.items, kind: 'uuid' }))
    .where('archived_at', 'is', null)
    .where('inventory_tracking', '=', true)
    .orderBy('id'),
)

/** The variants that are sold from the stock of these items; one statement. */
export async function variantsOfItems(
  ctx: Context,
  items: readonly string[],
): Promise<Id<'variant'>[]> {
  if (items.length === 0) return []
  return (await byItem(ctx, { items })).map(({ id }) => id)
}
