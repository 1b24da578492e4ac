import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { db } from './tables.ts'

/** The shelves of an item that are or were filled, at open locations. */
export const levelsOfItem = (ctx: Context, item_id: Id<'item'>) =>
  db(ctx)
    .selectFrom('stock_levels as l')
    .innerJoin('locations as p', 'p.id', 'l.location_id')
    .select(['l.location_id', 'l.on_hand', 'l.reserved'])
    .where('l.item_id', '=', item_id)
    .where('p.archived_at', 'is', null)
    .orderBy('p.priority')
    .limit(100)
    .execute()
