import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { type Actor, type Context, systemActor } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit, writeEvents } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { actionNamed } from './actions.ts'
import { collectBatch } from './collect.ts'
import { findBulk } from './commands.ts'
import { bulkEvents } from './events.ts'
import { ENDED } from './lifecycle.ts'
import { type BulkResult, type BulkRow, db } from './tables.ts'

/** Orders between two counts of how far it is. */
const BATCH = 100
/** Orders that are done at once: each in a transaction of its own. */
const AT_ONCE = 4

type Until = { isOver?: () => boolean }

/**
 * Works on a bulk operation until it has ended or `isOver`. Each order is done in one transaction
 * that also writes down its result, guarded by there being none yet: so each is done once, whoever
 * takes it up after a crash, and also if two work on it at once. Answers where it stands.
 */
export async function runBulk(
  ctx: ProcessContext,
  id: Id<'order_bulk'>,
  { isOver = () => false }: Until = {},
): Promise<BulkRow> {
  for (;;) {
    const bulk = await ctx.read((tx) => findBulk(tx, id))
    if (ENDED.includes(bulk.status) || isOver()) return bulk
    if (bulk.status === 'collecting') {
      await ctx.transaction((tx) => collectBatch(tx, id), 'read committed')
    } else {
      await doBatch(ctx, bulk)
      await ctx.transaction((tx) => countBatch(tx, bulk), 'read committed')
    }
  }
}

const waiting = prepared(db, (open, p: { id: Id<'order_bulk'>; from: number; to: number }) =>
  open
    .selectFrom('order_bulk_rows')
    .selectAll()
    .where('bulk_id', '=', p.id)
    .where('position', '>', p.from)
    .where('position', '<=', p.to)
    .where('result', '=', 'waiting')
    .orderBy('position'),
)

async function doBatch(ctx: ProcessContext, bulk: BulkRow): Promise<void> {
  const { id, position } = bulk
  const rows = await ctx.read((tx) => waiting(tx, { id, from: position, to: position + BATCH }))
  const next = rows.values()
  const work = async () => {
    for (const row of next) await doRow(ctx, bulk, row)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

/** Thrown to undo what a dry run has tried. */
class Tried extends Error {}

async function doRow(ctx: ProcessContext, bulk: BulkRow, row: BulkResult): Promise<void> {
  try {
    await ctx.transaction((tx) => perform(tx, bulk, row), 'read committed')
  } catch (error) {
    if (error instanceof Tried) return conclude(ctx, row, OK)
    const refusal = error instanceof DomainError ? error : undefined
    // Of a database that is away we shall hear again; a fault of ours would come every time.
    if ((error as { status?: number }).status === 503) throw error
    if (!refusal) ctx.log.error({ err: error, bulk_id: bulk.id, order_id: row.order_id }, BROKE)
    const { code, message } = refusal ?? { code: 'INTERNAL_ERROR', message: BROKE }
    await conclude(ctx, row, { result: 'failed', code, message })
  }
}

const BROKE = 'Something broke on our side while this order was done.'

type Result = Pick<BulkResult, 'result' | 'code' | 'message'>
const OK: Result = { result: 'ok', code: null, message: null }

async function perform(tx: Context, bulk: BulkRow, row: BulkResult): Promise<void> {
  const isOurs = await claim(tx, row, OK)
  if (!isOurs || row.order_id === null) return
  const ctx = { ...tx, actor: inTheNameOf(bulk.actor) }
  await actionNamed(tx, bulk.action).run(ctx, row.order_id, bulk.parameters as never)
  if (bulk.dry_run) throw new Tried()
  // Written here, so that the history of the order names who wanted it.
  writeEvents(ctx)
}

/** Who asked was allowed to; what is done now is theirs. */
const inTheNameOf = (id: string): Actor => ({ ...systemActor, kind: 'user', id })

type Claim = Result & { bulk_id: Id<'order_bulk'>; position: number; now: string }

const claimRow = prepared(db, (open, p: Claim) =>
  open
    .updateTable('order_bulk_rows')
    .set({ result: p.result, code: p.code, message: p.message, done_at: p.now })
    .where('bulk_id', '=', p.bulk_id)
    .where('position', '=', p.position)
    .where('result', '=', 'waiting')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('order_bulks')
          .select('order_bulks.id')
          .where('order_bulks.id', '=', p.bulk_id)
          .where('order_bulks.status', '=', 'running'),
      ),
    ),
)

/** Writes down a result; false if there is one, or the bulk operation was stopped. */
async function claim(ctx: Context, row: BulkResult, result: Result): Promise<boolean> {
  const { bulk_id, position } = row
  const { affected } = await claimRow.run(ctx, { ...result, bulk_id, position, now: ctx.now })
  return affected === 1
}

async function conclude(ctx: ProcessContext, row: BulkResult, result: Result): Promise<void> {
  await ctx.transaction((tx) => claim(tx, row, result), 'read committed')
}

const resultsOf = prepared(db, (open, p: { id: Id<'order_bulk'>; from: number; to: number }) =>
  open
    .selectFrom('order_bulk_rows')
    .select(['result', (eb) => eb.fn.countAll<number>().as('rows')])
    .where('bulk_id', '=', p.id)
    .where('position', '>', p.from)
    .where('position', '<=', p.to)
    .groupBy('result'),
)

/** Counts the results of a batch, once: whoever finds that it was counted leaves it so. */
async function countBatch(ctx: Context, bulk: BulkRow): Promise<void> {
  const { id, position, rows_total } = bulk
  const to = Math.min(position + BATCH, rows_total)
  const counts = await resultsOf(ctx, { id, from: position, to })
  const of = (result: string) => Number(counts.find((one) => one.result === result)?.rows ?? 0)
  if (of('waiting') > 0) return
  const rows_ok = bulk.rows_ok + of('ok')
  const rows_failed = bulk.rows_failed + of('failed')
  const isDone = to === rows_total
  const { numUpdatedRows } = await db(ctx)
    .updateTable('order_bulks')
    .set({
      rows_ok,
      rows_failed,
      position: to,
      updated_at: ctx.now,
      ...(isDone && { status: 'done' as const, finished_at: ctx.now }),
    })
    .where('id', '=', id)
    .where('position', '=', position)
    .where('status', '=', 'running')
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n || !isDone) return
  emit(ctx, bulkEvents.finished({ bulk_id: id, rows_total, rows_ok, rows_failed }))
}
