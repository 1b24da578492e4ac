import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { returnEvents } from './events.ts'
import { printRma } from './find.ts'
import { type ReturnStatus, returnLifecycle } from './lifecycle.ts'
import { db, type ReturnRow } from './tables.ts'

type Move = keyof typeof returnLifecycle.moves
type Changeable = Omit<
  ReturnRow,
  'number' | 'order_id' | 'customer_id' | 'currency' | 'requested_by' | 'created_at'
>
/** What may change of a return beside its version. */
export type Change = Partial<Omit<Changeable, 'id' | 'version' | 'updated_at'>>

const update = prepared(db, (open, p: Changeable & { was: number }) =>
  open
    .updateTable('returns')
    .set({
      status: p.status,
      reason: p.reason,
      reason_id: p.reason_id,
      customer_notes: p.customer_notes,
      preferred_resolution: p.preferred_resolution,
      override_reason: p.override_reason,
      label_paid_by: p.label_paid_by,
      label_amount: p.label_amount,
      label_url: p.label_url,
      carrier: p.carrier,
      tracking_number: p.tracking_number,
      shipment_id: p.shipment_id,
      exchange_id: p.exchange_id,
      claim_id: p.claim_id,
      status_reason: p.status_reason,
      version: p.version,
      approved_at: p.approved_at,
      received_at: p.received_at,
      closed_at: p.closed_at,
      deleted_at: p.deleted_at,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.was),
)

/** Stores what has changed of a return. The order's lock is held, so its version cannot have. */
export async function storeReturn(
  ctx: Context,
  row: ReturnRow,
  change: Change,
): Promise<ReturnRow> {
  const next = { ...row, ...change, version: row.version + 1, updated_at: ctx.now }
  const { affected } = await update.run(ctx, { ...next, was: row.version })
  if (affected !== 1) throw new Error(`return ${row.id} changed without its order's lock`)
  return next
}

const ENDS: readonly ReturnStatus[] = ['Refunded', 'Completed', 'Rejected', 'Cancelled']

/**
 * Makes one move of the lifecycle, and answers what events say of it. Refuses (409) a move that is
 * not open.
 */
export async function moveReturn(
  ctx: Context,
  row: ReturnRow,
  { move, why = null, ...change }: Change & { move: Move; why?: string | null },
): Promise<{ row: ReturnRow; told: Told }> {
  const status = returnLifecycle.next(row.status, move)
  const closed_at = ENDS.includes(status) ? ctx.now : null
  const next = await storeReturn(ctx, row, { closed_at, ...change, status, status_reason: why })
  const told = { ...toldOf(row), old_status: row.status, new_status: status, reason: why }
  return { row: next, told }
}

type Told = ReturnType<typeof toldOf> & {
  old_status: ReturnStatus
  new_status: ReturnStatus
  reason: string | null
}

/** What every event says of its return. */
export const toldOf = ({ id, number, order_id, customer_id }: ReturnRow) => ({
  return_id: id,
  rma_number: printRma(number),
  order_id,
  customer_id,
})

/** States that what a return says was changed. */
export const tellUpdated = (ctx: Context, row: ReturnRow, members: readonly string[]): void =>
  emit(ctx, returnEvents.updated({ ...toldOf(row), members: [...members] }))
