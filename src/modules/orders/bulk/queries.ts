import type { Static } from 'typebox'
import { type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { pageById } from '#platform/database/list-pages'
import { actionsOf } from './actions.ts'
import { findBulk } from './commands.ts'
import type {
  Bulk,
  BulkAction,
  BulkResultRow,
  GetBulk,
  ListBulkRows,
  ListBulks,
} from './schemas.ts'
import { db } from './tables.ts'
import { bulkOf } from './wire.ts'

/** Everything that can be done to many orders, with what it must be told. */
export async function listBulkActions(ctx: Context): Promise<Static<typeof BulkAction>[]> {
  return actionsOf(ctx).map(({ name, summary, permission, parameters }) => ({
    name,
    summary,
    permission,
    parameters: JSON.parse(JSON.stringify(parameters)),
  }))
}

/** How far a bulk operation is. */
export const getBulk = async (ctx: Context, { id }: GetBulk): Promise<Bulk> =>
  bulkOf(await findBulk(ctx, id))

/** Bulk operations, newest first. */
export function listBulks(ctx: Context, query: ListBulks): Promise<Page<Bulk>> {
  let found = db(ctx).selectFrom('order_bulks')
  if (query.status) found = found.where('status', '=', query.status)
  return pageById(ctx, query, {
    name: 'order bulks',
    rows: found.selectAll(),
    tell: (rows) => rows.map(bulkOf),
  })
}

const SORT = 'order bulk rows'

/** What came of each order of a bulk operation, in their order. */
export async function listBulkRows(
  ctx: Context,
  query: ListBulkRows,
): Promise<Page<Static<typeof BulkResultRow>>> {
  const { id: bulk_id } = await findBulk(ctx, query.id)
  const start = pageStart(query, SORT)
  let found = db(ctx).selectFrom('order_bulk_rows').where('bulk_id', '=', bulk_id)
  if (query.result) found = found.where('result', '=', query.result)
  const after = start.after?.[0]
  if (start.after && typeof after !== 'number') throw pageErrors.bad_cursor()
  const from =
    typeof after === 'number' ? found.where('position', '>', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('position')
    .limit(start.limit + 1)
    .execute()
  return pageOf({
    start,
    sort: SORT,
    rows,
    key: ({ position }) => [position],
    item: ({ bulk_id: _, order_ref, ...row }) => ({ ...row, order: order_ref }),
    total: await countUpTo(ctx, found),
  })
}
