import type { Id } from '#kit/ids'
import type { PageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { insertRows } from '#platform/tables'
import { filtersOf } from '../list/filters.ts'
import { findOrders } from '../list/find-orders.ts'
import type { ListOrders } from '../schemas.ts'
import { findBulk, WAITING } from './commands.ts'
import { ROWS_MAX } from './schemas.ts'
import { type BulkRow, db } from './tables.ts'

const BATCH = 1_000

const insertResults = insertRows(db, 'order_bulk_rows')

/**
 * Writes down the next orders that the filter finds, the oldest first. Orders that were made after
 * the bulk operation was asked for are none of it: its id is younger than theirs.
 */
export async function collectBatch(ctx: Context, bulk_id: Id<'order_bulk'>): Promise<void> {
  await lockEntity(ctx, 'order_bulk', bulk_id)
  const bulk = await findBulk(ctx, bulk_id)
  if (bulk.status !== 'collecting') return
  const { ids, goOn } = await nextOrders(ctx, bulk)
  const rows = ids.map((order_id, nth) => ({
    ...WAITING,
    bulk_id,
    position: bulk.rows_total + nth + 1,
    order_ref: order_id,
    order_id,
  }))
  const rows_total = bulk.rows_total + rows.length
  if (rows_total > ROWS_MAX) {
    const problem = `The filter finds more than ${ROWS_MAX} orders.`
    await store(ctx, bulk, { status: 'failed', problem, finished_at: ctx.now })
    return
  }
  if (rows.length > 0) await insertResults(ctx, { rows })
  const status = goOn === undefined ? 'running' : 'collecting'
  await store(ctx, bulk, { status, rows_total, collected_to: goOn ?? bulk.collected_to })
}

async function nextOrders(ctx: Context, bulk: BulkRow) {
  const after = bulk.collected_to === null ? undefined : [bulk.collected_to]
  const start: PageStart = { page: 1, limit: BATCH, offset: 0, after }
  const filters = await filtersOf(ctx, bulk.filter as ListOrders)
  const sort = { column: 'id', direction: 'asc' } as const
  const { ids, stopped } = await findOrders(ctx, { filters, sort, start })
  const shown = ids.slice(0, BATCH)
  const older = shown.filter((id) => (id as string) < bulk.id)
  const isMore = older.length === shown.length
  const last = ids.length > BATCH ? shown.at(-1) : (stopped?.at(-1) as Id<'order'> | undefined)
  return { ids: older, goOn: isMore ? last : undefined }
}

async function store(ctx: Context, { id }: BulkRow, change: Partial<BulkRow>): Promise<void> {
  await db(ctx)
    .updateTable('order_bulks')
    .set({ ...change, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
}
