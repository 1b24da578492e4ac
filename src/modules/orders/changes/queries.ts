import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
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
  return pageById(ctx, query, {
    name: '-id',
    rows: db(ctx).selectFrom('order_change_sets').selectAll().where('order_id', '=', order.id),
    tell: (rows) => rows.map((row) => summaryOf(ctx, order, row)),
  })
}
