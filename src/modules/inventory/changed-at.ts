import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { db } from './tables.ts'

const newestChange = prepared(db, (open, p: { item_id: Id<'item'> }) =>
  open
    .selectFrom('stock_levels')
    .select((eb) => eb.fn.max('updated_at').as('changed_at'))
    .where('item_id', '=', p.item_id),
)

/** When the stock of an item last changed anywhere; null while it never lay anywhere. */
export const stockChangedAt = async (ctx: Context, item_id: Id<'item'>): Promise<string | null> =>
  (await newestChange.first(ctx, { item_id }))?.changed_at ?? null
