import { toInstant } from '#kit/schemas'
import { customerErrors, findCustomer } from '#modules/customers'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { warrantyErrors } from '../errors.ts'
import { warrantyEvents } from '../events.ts'
import { warrantyLifecycle } from '../lifecycle.ts'
import { endOf } from '../months.ts'
import { staffOnly } from '../staff-only.ts'
import { printWarrantyNumber, serialKey, type WarrantyRow } from '../tables.ts'
import { requireFreeSerial } from './create-warranty.ts'
import {
  type ActivateWarranty,
  type ExtendWarranty,
  printWarranty,
  type TransferWarranty,
  told,
  type UpdateWarranty,
  type VoidWarranty,
  type Warranty,
} from './schemas.ts'
import { coveringSerials, saveWarranty, warrantyToChange } from './store.ts'

/**
 * Gives more time, in calendar months. The whole term is counted from the start, so extending twice
 * is extending by both at once. What has expired covers again, if it then ends in the future.
 */
export async function extendWarranty(
  ctx: Context,
  { id, additional_months }: ExtendWarranty,
): Promise<Warranty> {
  staffOnly(ctx, 'extend a warranty')
  const known = await warrantyToChange(ctx, id)
  const move = known.status === 'pending' ? 'extend_before_start' : 'extend'
  const status = warrantyLifecycle.next(known.status, move)
  const extended_months = known.extended_months + additional_months
  const end_at = endOf({ ...known, extended_months })
  if (end_at !== null && end_at <= ctx.now) {
    throw invalidField('additional_months', 'are too few: it would still be over')
  }
  if (known.status === 'expired') await requireNoOther(ctx, known)
  const change = { status, extended_months, end_at, expiring_told_at: null }
  const row = await saveWarranty(ctx, known, change)
  const { end_at: old_end_at } = known
  emit(ctx, warrantyEvents.extended({ ...told(row), additional_months, old_end_at }))
  return printWarranty(row)
}

/** What has expired may have been covered anew meanwhile. */
async function requireNoOther(ctx: Context, known: WarrantyRow): Promise<void> {
  const live = known.serial_number ? await coveringSerials(ctx, [known.serial_number]) : []
  if (live.every(({ id }) => id === known.id)) return
  await requireFreeSerial(ctx, known)
}

/**
 * Makes it somebody else's, with all that remains. Throws `not_transferable`, `open_claims`,
 * CUSTOMER_NOT_FOUND.
 */
export async function transferWarranty(
  ctx: Context,
  {
    id,
    customer_id,
    reason = null as string | null,
  }: Omit<TransferWarranty, 'reason'> & { reason?: string | null },
): Promise<Warranty> {
  staffOnly(ctx, 'transfer a warranty')
  const known = await warrantyToChange(ctx, id)
  const warranty_number = printWarrantyNumber(known.number)
  const { status: state } = known
  if (state !== 'active') {
    const open_moves = warrantyLifecycle.movesFrom(state)
    throw warrantyErrors.cannot_transfer({ state, open_moves })
  }
  if (!known.transferable) throw warrantyErrors.not_transferable({ warranty_number })
  if (known.claimed_quantity > 0) throw warrantyErrors.open_claims({ warranty_number })
  if (!(await findCustomer(ctx, customer_id))) throw customerErrors.not_found({ customer_id })
  const { customer_id: from_customer_id } = known
  if (from_customer_id === customer_id) return printWarranty(known)
  const row = await saveWarranty(ctx, known, { customer_id })
  emit(ctx, warrantyEvents.transferred({ ...told(row), from_customer_id, reason }))
  return printWarranty(row)
}

/** Withdraws it: it covers nothing. Throws `open_claims`: those are to be decided first. */
export async function voidWarranty(ctx: Context, { id, reason }: VoidWarranty): Promise<Warranty> {
  staffOnly(ctx, 'void a warranty')
  const known = await warrantyToChange(ctx, id)
  const status = warrantyLifecycle.next(known.status, 'void')
  if (known.claimed_quantity > 0) {
    const warranty_number = printWarrantyNumber(known.number)
    throw warrantyErrors.open_claims({ warranty_number })
  }
  const row = await saveWarranty(ctx, known, { status, void_reason: reason })
  emit(ctx, warrantyEvents.voided({ ...told(row), reason }))
  return printWarranty(row)
}

/** Begins its time: now, or at a past instant that staff names. */
export async function activateWarranty(
  ctx: Context,
  { id, activated_at }: ActivateWarranty,
): Promise<Warranty> {
  if (activated_at !== undefined) staffOnly(ctx, 'name when a warranty began')
  const known = await warrantyToChange(ctx, id)
  const start_at = activated_at === undefined ? ctx.now : toInstant(activated_at)
  if (start_at > ctx.now) throw invalidField('activated_at', 'must not be in the future')
  const row = await saveWarranty(ctx, known, begun(known, start_at))
  emit(ctx, warrantyEvents.activated(told(row)))
  return printWarranty(row)
}

/** What changes when a pending warranty begins. */
export function begun(known: WarrantyRow, start_at: string): Partial<WarrantyRow> {
  const status = warrantyLifecycle.next(known.status, 'activate')
  return { status, start_at, end_at: endOf({ ...known, start_at }), activate_by: null }
}

/** Changes its words, or tells the serial number that was not known. Throws `serial_covered`. */
export async function updateWarranty(
  ctx: Context,
  { id, ...change }: UpdateWarranty,
): Promise<Warranty> {
  staffOnly(ctx, 'change a warranty')
  const known = await warrantyToChange(ctx, id)
  const serial = change.serial_number
  if (serial && known.quantity > 1) {
    throw invalidField('serial_number', 'is for a warranty of one unit')
  }
  if (serial && serialKey(serial) !== known.serial_key) {
    await requireFreeSerial(ctx, { ...known, serial_number: serial })
  }
  const keyed = serial === undefined ? {} : { serial_key: serial && serialKey(serial) }
  const row = await saveWarranty(ctx, known, { ...change, ...keyed })
  emit(ctx, warrantyEvents.updated(told(row)))
  return printWarranty(row)
}
