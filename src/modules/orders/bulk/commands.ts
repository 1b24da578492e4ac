import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { orderErrors } from '../errors.ts'
import { orderNumberIn } from '../find.ts'
import { db as orders } from '../tables.ts'
import { actionNamed, requireAsked } from './actions.ts'
import { bulkErrors } from './errors.ts'
import { bulkEvents } from './events.ts'
import { askForTurn } from './job.ts'
import { bulkLifecycle } from './lifecycle.ts'
import type { Bulk, GetBulk, StartBulk } from './schemas.ts'
import { type BulkResult, type BulkRow, db } from './tables.ts'
import { bulkOf } from './wire.ts'

const insertBulks = insertRows(db, 'order_bulks')
const insertResults = insertRows(db, 'order_bulk_rows')

/**
 * Asks for something to be done to many orders, named or found by a filter; a job does it. Throws
 * `unknown_action`, 403 for an action that the caller may not do.
 */
export async function startBulk(ctx: Context, input: StartBulk): Promise<Bulk> {
  const { order_ids, filter, parameters = {}, dry_run = false } = input
  if ((order_ids === undefined) === (filter === undefined)) {
    throw invalidField('order_ids', 'name orders or give a filter, one of the two')
  }
  const action = actionNamed(ctx, input.action)
  requireAsked(ctx, action, parameters)
  const bulk: BulkRow = {
    id: ctx.newId('order_bulk'),
    action: action.name,
    parameters,
    filter: filter ?? null,
    dry_run,
    status: filter ? 'collecting' : 'running',
    rows_total: 0,
    rows_ok: 0,
    rows_failed: 0,
    position: 0,
    collected_to: null,
    problem: null,
    actor: ctx.actor.id,
    finished_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const rows = order_ids ? await namedRows(ctx, bulk.id, order_ids) : []
  const asked = { ...bulk, rows_total: rows.length }
  await insertBulks(ctx, { rows: [asked] })
  if (rows.length > 0) await insertResults(ctx, { rows })
  emit(ctx, bulkEvents.asked({ bulk_id: bulk.id, action: action.name, dry_run }))
  await askForTurn(ctx, bulk.id)
  return bulkOf(asked)
}

const namedOrders = prepared(
  orders,
  (open, p: { ids: readonly string[]; numbers: readonly number[] }, engine) =>
    open
      .selectFrom('orders')
      .select(['id', 'number'])
      .where((eb) =>
        eb.or([
          isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' }),
          isOneOf(engine, 'number', { values: p.numbers, kind: 'bigint' }),
        ]),
      )
      .where('deleted_at', 'is', null),
)

/** A row for each order named, each order once; one that is not there has its result already. */
async function namedRows(
  ctx: Context,
  bulk_id: Id<'order_bulk'>,
  refs: readonly string[],
): Promise<BulkResult[]> {
  const found = await namedOrders(ctx, {
    ids: refs.filter(isUuid),
    numbers: refs.flatMap((ref) => orderNumberIn(ref) ?? []),
  })
  const byId = new Map(found.map(({ id }) => [id as string, id]))
  const byNumber = new Map(found.map(({ id, number }) => [number, id]))
  const rows = new Map<string, BulkResult>()
  for (const order_ref of refs) {
    const order_id = byId.get(order_ref) ?? byNumber.get(orderNumberIn(order_ref) ?? -1) ?? null
    const key = order_id ?? order_ref
    if (rows.has(key)) continue
    const row = { bulk_id, position: rows.size + 1, order_ref, order_id }
    rows.set(key, order_id ? { ...row, ...WAITING } : { ...row, ...missing(ctx, order_ref) })
  }
  return [...rows.values()]
}

export const WAITING = { result: 'waiting', code: null, message: null, done_at: null } as const

function missing(ctx: Context, order_id: string) {
  const { code, message } = orderErrors.not_found({ order_id })
  return { result: 'failed' as const, code, message, done_at: ctx.now }
}

export const bulkById = prepared(db, (open, p: { id: Id<'order_bulk'> }) =>
  open.selectFrom('order_bulks').selectAll().where('id', '=', p.id),
)

/** The bulk operation of this id. Throws `not_found`. */
export async function findBulk(ctx: Context, id: Id<'order_bulk'>): Promise<BulkRow> {
  const found = await bulkById.first(ctx, { id })
  if (!found) throw bulkErrors.not_found({ bulk_id: id })
  return found
}

/** Stops a bulk operation: orders that have no result yet are left alone. */
export async function cancelBulk(ctx: Context, { id }: GetBulk): Promise<Bulk> {
  const bulk = await findBulk(ctx, id)
  const status = bulkLifecycle.next(bulk.status, 'cancel')
  const change = { status, finished_at: ctx.now, updated_at: ctx.now }
  await db(ctx).updateTable('order_bulks').set(change).where('id', '=', id).execute()
  emit(ctx, bulkEvents.cancelled({ bulk_id: id }))
  return bulkOf({ ...bulk, ...change })
}
