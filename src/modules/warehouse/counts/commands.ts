import { sql } from 'kysely'
import { findItem } from '#modules/inventory'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { warehouseErrors } from '../errors.ts'
import { binsOf, detailOf, lotsOf } from '../keeping/facts.ts'
import { hasLots } from '../keeping/posted.ts'
import { db } from '../tables.ts'
import { requireOpen, tally } from './enter.ts'
import { countEvents } from './events.ts'
import { type CountRow, changeCount, countOf, type LineRow, lockCount } from './find-count.ts'
import { askForTurn } from './job.ts'
import { countLifecycle, lineLifecycle } from './lifecycle.ts'
import { changeLines, findLines } from './lines.ts'
import { told } from './plan.ts'
import { newLine } from './plan-batch.ts'
import { postBatch } from './post-batch.ts'
import { sheetLines } from './queries.ts'
import type {
  AddLine,
  ApproveCount,
  CycleCount,
  GetCount,
  RecountLines,
  SheetLine,
} from './schemas.ts'

/**
 * Approves what was counted: the differences are posted, the first ones at once, the rest by a job.
 * A second call finds the count approved and is refused (409). Throws `count_unfinished`.
 */
export async function approveCount(ctx: Context, input: ApproveCount): Promise<CycleCount> {
  const row = await lockCount(ctx, input.id)
  const status = countLifecycle.next(row.status, 'approve')
  const skipped = input.skip_uncounted ? await skipUncounted(ctx, row) : row
  const pending = countOf(skipped).lines_pending
  const recount = skipped.lines_to_recount
  if (pending + recount > 0) {
    throw warehouseErrors.count_unfinished({ count: row.number, pending, recount })
  }
  emit(ctx, countEvents.approved(told(row)))
  const approved_by = ctx.actor.id
  const approved = await changeCount(ctx, skipped, {
    status,
    position: null,
    approved_by,
    approved_at: ctx.now,
  })
  const posted = await postBatch(ctx, approved)
  if (posted.status === 'approving') await askForTurn(ctx, row.id)
  return countOf(posted)
}

async function skipUncounted(ctx: Context, row: CountRow): Promise<CountRow> {
  const { numUpdatedRows } = await db(ctx)
    .updateTable('count_lines')
    .set({ status: 'skipped', updated_at: ctx.now })
    .where('count_id', '=', row.id)
    .where('status', 'in', ['pending', 'recount'])
    .executeTakeFirstOrThrow()
  return {
    ...row,
    lines_to_recount: 0,
    lines_settled: row.lines_settled + Number(numUpdatedRows),
  }
}

/** Gives a count up; nothing is posted. */
export async function cancelCount(ctx: Context, { id }: GetCount): Promise<CycleCount> {
  const row = await lockCount(ctx, id)
  const status = countLifecycle.next(row.status, 'cancel')
  emit(ctx, countEvents.cancelled(told(row)))
  return countOf(await changeCount(ctx, row, { status, finished_at: ctx.now }))
}

/** Has lines counted again whose difference nobody believes. */
export async function recountLines(
  ctx: Context,
  { id, line_ids }: RecountLines,
): Promise<CycleCount> {
  const row = await lockCount(ctx, id)
  requireOpen(row)
  const before = [...(await findLines(ctx, id, [...new Set(line_ids)])).values()]
  const after = before.map((line) => ({
    ...line,
    status: lineLifecycle.next(line.status, 'recount'),
  }))
  await changeLines(ctx, after)
  return countOf(await changeCount(ctx, row, tally(row, before, after)))
}

/**
 * Adds a line for units that lie where nobody expected any. Throws `count_line_there`,
 * `lots_required`, `bin_elsewhere`.
 */
export async function addLine(ctx: Context, input: AddLine): Promise<SheetLine> {
  const row = await lockCount(ctx, input.id)
  requireOpen(row)
  const item = await findItem(ctx, input.item_id)
  const { bin_id = null, lot_id = null } = input
  const at = { item_id: item.id, location_id: row.location_id }
  const { tracking, binned } = await detailOf(ctx, [at])
  const wantsLot = hasLots(tracking.get(item.id))
  if (wantsLot && lot_id === null) throw warehouseErrors.lots_required({ item: item.sku })
  if (!wantsLot && lot_id !== null) throw warehouseErrors.lots_unwanted({ item: item.sku })
  if (lot_id !== null && (await lotsOf(ctx, [lot_id])).get(lot_id)?.item_id !== item.id) {
    throw warehouseErrors.lot_not_found({ lot: lot_id })
  }
  if (bin_id !== null) {
    const bin = (await binsOf(ctx, [bin_id])).get(bin_id)
    if (!bin) throw warehouseErrors.bin_not_found({ bin: bin_id })
    if (bin.location_id !== row.location_id) throw warehouseErrors.bin_elsewhere({ bin: bin.code })
    if (!binned.has(row.location_id)) throw invalidField('bin_id', 'the location has no bins')
  }
  const line = newLine(ctx, row, { item_id: item.id, sku: item.sku, bin_id, lot_id })
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('count_lines')
    .values({
      ...line,
      number: sql<number>`(select coalesce(max(number), 0) + 1 from count_lines
        where count_id = ${row.id})`,
    } as unknown as LineRow)
    .onConflict((conflict) => conflict.columns(['count_id', 'item_id', 'spot']).doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw warehouseErrors.count_line_there()
  await changeCount(ctx, row, { lines_count: row.lines_count + 1 })
  const [told] = await sheetLines(ctx, row, [...(await findLines(ctx, row.id, [line.id])).values()])
  return told as SheetLine
}
