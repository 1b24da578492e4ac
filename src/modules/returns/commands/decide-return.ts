import { linesOf } from '#modules/orders'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { returnErrors } from '../errors.ts'
import { returnEvents } from '../events.ts'
import { type Locked, linesOfReturns, lockReturn, printRma, refuseShoppers } from '../find.ts'
import { holdUnits } from '../holds.ts'
import { moveReturn, storeReturn, toldOf } from '../moves.ts'
import type { GetReturn, MoveReturn, Return } from '../schemas.ts'
import type { ReturnRow } from '../tables.ts'
import { answerReturn } from '../wire.ts'

/** Agrees to a return: its goods may be sent. Once. */
export async function approveReturn(ctx: Context, { id, reason }: MoveReturn): Promise<Return> {
  refuseShoppers(ctx, 'approve a return')
  const { row } = await lockToDecide(ctx, id)
  return answerReturn(ctx, await approve(ctx, row, reason ?? null))
}

/** The same for a caller that holds the order's lock. */
export async function approve(
  ctx: Context,
  row: ReturnRow,
  reason: string | null = null,
): Promise<ReturnRow> {
  const moved = await moveReturn(ctx, row, { move: 'approve', why: reason, approved_at: ctx.now })
  emit(ctx, returnEvents.approved(moved.told))
  return moved.row
}

/** Refuses a return: its units may be asked for again. */
export async function rejectReturn(ctx: Context, { id, reason }: MoveReturn): Promise<Return> {
  refuseShoppers(ctx, 'reject a return')
  const locked = await lockToDecide(ctx, id)
  return answerReturn(ctx, await reject(ctx, locked, reason ?? null))
}

/** The same for a caller that holds the order's lock. */
export async function reject(ctx: Context, locked: Locked, why: string | null): Promise<ReturnRow> {
  const moved = await moveReturn(ctx, locked.row, { move: 'reject', why })
  await letGo(ctx, locked)
  emit(ctx, returnEvents.rejected(moved.told))
  return moved.row
}

/** Withdraws a return before goods came: all is as it was before it was asked for (I-43). */
export async function cancelReturn(ctx: Context, { id, reason }: MoveReturn): Promise<Return> {
  const locked = await lockToDecide(ctx, id)
  return answerReturn(ctx, await cancel(ctx, locked, reason ?? null))
}

/** The same for a caller that holds the order's lock. */
export async function cancel(
  ctx: Context,
  locked: Locked,
  reason: string | null,
): Promise<ReturnRow> {
  const moved = await moveReturn(ctx, locked.row, {
    move: 'cancel',
    why: reason,
    approved_at: null,
  })
  await letGo(ctx, locked)
  emit(ctx, returnEvents.cancelled(moved.told))
  return moved.row
}

/** Looks again at what was rejected or withdrawn, if its units are still there to come back. */
export async function reopenReturn(ctx: Context, { id, reason }: MoveReturn): Promise<Return> {
  refuseShoppers(ctx, 'reopen a return')
  const { order, row } = await lockToDecide(ctx, id)
  const moved = await moveReturn(ctx, row, { move: 'reopen', why: reason ?? null })
  const [lines, ordered] = await Promise.all([
    linesOfReturns(ctx, { returns: [row.id] }),
    linesOf(ctx, [order.id]),
  ])
  const holdings = lines.map((line) => ({ ...line, held: line.quantity }))
  await holdUnits(ctx, ordered.get(order.id) ?? [], holdings)
  emit(ctx, returnEvents.reopened(moved.told))
  return answerReturn(ctx, moved.row)
}

/** Removes a return that never came to anything from every answer; its row stays for the books. */
export async function deleteReturn(ctx: Context, { id }: GetReturn): Promise<undefined> {
  const locked = await lockToDecide(ctx, id)
  const { row } = locked
  if (!['Requested', 'Rejected', 'Cancelled'].includes(row.status)) {
    throw returnErrors.not_deletable({ status: row.status })
  }
  await letGo(ctx, locked)
  await storeReturn(ctx, row, { deleted_at: ctx.now })
  emit(ctx, returnEvents.deleted(toldOf(row)))
}

/** A return of an exchange or a claim is decided with that. */
async function lockToDecide(ctx: Context, id: string): Promise<Locked> {
  const locked = await lockReturn(ctx, id)
  requireVersion(ctx, locked.row.version)
  const { exchange_id, claim_id, number } = locked.row
  if (exchange_id === null && claim_id === null) return locked
  const document = exchange_id === null ? `claim ${claim_id}` : `exchange ${exchange_id}`
  throw returnErrors.of_a_document({ rma_number: printRma(number), document })
}

async function letGo(ctx: Context, { order, row }: Locked): Promise<void> {
  const [lines, ordered] = await Promise.all([
    linesOfReturns(ctx, { returns: [row.id] }),
    linesOf(ctx, [order.id]),
  ])
  const holdings = lines.map((line) => ({ ...line, held: 0 }))
  await holdUnits(ctx, ordered.get(order.id) ?? [], holdings)
}
