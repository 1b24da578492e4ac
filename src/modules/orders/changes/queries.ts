import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { orderErrors } from '../errors.ts'
import { findOrder } from '../find.ts'
import { changeById } from './change-rows.ts'
import { changeOf, summaryOf } from './print.ts'
import type { Change, ChangeSummary, ListChanges, NamedChange } from './schemas.ts'
import { db } from './tables.ts'

/** One set of changes; an open one with what the order will be. */
export async function getChange(ctx: Context, { id, change_id }: NamedChange): Promise<Change> {
  const order = await findOrder(ctx, id)
  const row = await changeById.first(ctx, { id: change_id })
  if (row?.order_id !== order.id) throw orderErrors.change_not_found({ change_id })
  return changeOf(ctx, order, row)
}

/** All changes of an order, newest first: open, applied and abandoned ones. */
export async function listChanges(ctx: Context, query: ListChanges): Promise<Page<ChangeSummary>> {
  const order = await findOrder(ctx, query.id)
  const start = pageStart(query, '-id')
  const matching = db(ctx).selectFrom('order_change_sets').where('order_id', '=', order.id)
  const after = afterId<'order_change'>(start)
  const page = after ? matching.where('id', '<', after) : matching.offset(start.offset)
  const rows = await page
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  return pageOf({
    start,
    sort: '-id',
    rows,
    key: ({ id }) => [id],
    item: (row) => summaryOf(ctx, order, row),
    total: await countUpTo(ctx, matching),
  })
}
