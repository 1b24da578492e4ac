import { type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { marksOf } from '../desk/marks.ts'
import { orderErrors } from '../errors.ts'
import type { OrderRow } from '../find.ts'
import { detailsOf } from '../queries.ts'
import type { ListOrders, Order } from '../schemas.ts'
import { db } from '../tables.ts'
import { orderOf } from '../wire.ts'
import { filtersOf } from './filters.ts'
import { findOrders, type Sort, type SortColumn } from './find-orders.ts'

const COLUMNS: Record<NonNullable<ListOrders['sort_by']>, SortColumn> = {
  created_at: 'id',
  order_date: 'placed_at',
  total_amount: 'total_amount',
  order_number: 'number',
}

const byIds = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('orders')
    .selectAll()
    .where('id', 'in', listOf(engine, p.ids, 'uuid')),
)

/** The caller's own orders. */
export function listMyOrders(ctx: Context, query: ListOrders): Promise<Page<Order>> {
  const customer_id = ctx.actor.customer_id
  if (!customer_id) throw orderErrors.not_a_customer()
  return listOrders(ctx, { ...query, customer_id })
}

/**
 * Orders that are not deleted: those that are archived, or those that are not. Each page costs the
 * same, whatever is asked for and however deep it lies.
 */
export async function listOrders(ctx: Context, query: ListOrders): Promise<Page<Order>> {
  const sort = sortOf(query)
  const name = `${sort.column} ${sort.direction}`
  const start = pageStart(query, name)
  const filters = await filtersOf(ctx, query)
  const { ids, stopped, total } = await findOrders(ctx, { filters, sort, start })
  const found = new Map((await byIds(ctx, { ids })).map((row) => [row.id, row]))
  const rows = ids.flatMap((id) => found.get(id) ?? [])
  const shown = rows.slice(0, start.limit)
  const [details, marks] = await Promise.all([
    query.include_items ? detailsOf(ctx, shown) : undefined,
    marksOf(
      ctx,
      shown.map(({ id }) => id),
    ),
  ])
  return pageOf({
    start,
    sort: name,
    rows,
    key: (row) => keyOf(row, sort),
    item: (row) => {
      const lines = details?.lines.get(row.id) ?? []
      const recipients = details && { recipients: details.recipients }
      return orderOf(row, lines, { ...details?.moneyOf(row.id), ...marks(row.id), ...recipients })
    },
    total,
    stopped,
  })
}

/**
 * Orders that were placed within some time are sorted by that time, which their index has them in.
 * It is the same order: but for those that were split from others, an order is made when placed.
 */
function sortOf(query: ListOrders): Sort {
  const { sort_by = 'created_at', sort_order: direction = 'desc' } = query
  const isDated = [query.from, query.to, query.start_date, query.end_date].some(Boolean)
  const column = sort_by === 'created_at' && isDated ? 'placed_at' : COLUMNS[sort_by]
  return { column, direction }
}

const keyOf = (row: OrderRow, { column }: Sort) =>
  column === 'id' ? [row.id] : [row[column], row.id]
