import { sql } from 'kysely'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import { findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from '../tables.ts'
import { printListNumber } from './items.ts'
import { findList } from './lists.ts'
import type { GetPickList, ListPickLists, PickList, PickListSummary } from './schemas.ts'
import { listTold } from './wire.ts'

/** One list with its items in the order of the walk. */
export const getPickList = async (ctx: Context, { id }: GetPickList): Promise<PickList> =>
  listTold(ctx, await findList(ctx, id))

const sums = prepared(db, (open, p: { lists: readonly string[] }, engine) =>
  open
    .selectFrom('pick_items')
    .select('pick_list_id')
    .select(sql<number>`sum(quantity)`.as('quantity'))
    .select(sql<number>`sum(picked_quantity)`.as('picked_quantity'))
    .select(
      sql<number>`sum(quantity - picked_quantity - short_quantity - withdrawn_quantity)`.as(
        'left_quantity',
      ),
    )
    .where('pick_list_id', 'in', listOf(engine, p.lists, 'uuid'))
    .groupBy('pick_list_id'),
)

const SORT = 'pick_lists'

/** Pick lists, the newest first, with their sums. */
export async function listPickLists(
  ctx: Context,
  query: ListPickLists,
): Promise<Page<PickListSummary>> {
  const start = pageStart(query, SORT)
  let found = db(ctx).selectFrom('pick_lists')
  if (query.location_id !== undefined) {
    const { id } = await findLocation(ctx, query.location_id)
    found = found.where('location_id', '=', id)
  }
  if (query.status) found = found.where('status', '=', query.status)
  if (query.assigned_to) found = found.where('assigned_to', '=', query.assigned_to)
  const after = afterId<'pick_list'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  const counted = await sums(ctx, { lists: rows.map(({ id }) => id) })
  const of = new Map(counted.map(({ pick_list_id, ...own }) => [pick_list_id, own]))
  return pageOf({
    start,
    sort: SORT,
    rows,
    key: ({ id }) => [id],
    item: (list) => {
      const { quantity = 0, picked_quantity = 0, left_quantity = 0 } = of.get(list.id) ?? {}
      return {
        ...list,
        number: printListNumber(list.number),
        quantity: Number(quantity),
        picked_quantity: Number(picked_quantity),
        left_quantity: Number(left_quantity),
      }
    },
    total: await countUpTo(ctx, found),
  })
}
