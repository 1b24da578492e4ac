import type { DomainError } from '#kit/errors'
import { toInstant } from '#kit/schemas'
import { knownProducts } from '#modules/catalogue'
import { customerErrors, findCustomer } from '#modules/customers'
import { findOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { warrantyErrors } from '../errors.ts'
import { warrantyEvents } from '../events.ts'
import { addDays } from '../months.ts'
import { findPlan } from '../plans/plans.ts'
import { staffOnly } from '../staff-only.ts'
import { printWarrantyNumber, type WarrantyRow } from '../tables.ts'
import { type CreateWarranty, printWarranty, told, type Warranty } from './schemas.ts'
import {
  asOfNow,
  type Cover,
  coveringSerials,
  insertNew,
  newWarranty,
  saveWarranty,
} from './store.ts'

/**
 * Covers goods by hand: under a plan, or with the terms and the end that are named. Throws
 * `product_not_found`, CUSTOMER_NOT_FOUND, `plan_not_found`, `plan_archived`, `order_not_found`,
 * `serial_covered`.
 */
export async function createWarranty(ctx: Context, input: CreateWarranty): Promise<Warranty> {
  staffOnly(ctx, 'cover goods')
  const { product_id, customer_id, quantity = 1 } = input
  const cover = input.plan_id ? await plannedCover(ctx, input) : namedCover(ctx, input)
  if (input.serial_number !== undefined && quantity > 1) {
    throw invalidField('quantity', 'must be 1 where a serial number is named')
  }
  const known = await knownProducts(ctx, [product_id])
  if (!known.has(product_id)) throw warrantyErrors.product_not_found({ product_id })
  if (!(await findCustomer(ctx, customer_id))) throw customerErrors.not_found({ customer_id })
  await requireOrder(ctx, input)
  await requireFreeSerial(ctx, input)
  const row = newWarranty(ctx, { ...cover, quantity })
  const [warranty] = await insertNew(ctx, [row])
  if (!warranty) throw new TryAgain('another has covered this serial number at this moment')
  emitCreated(ctx, [warranty])
  return printWarranty(warranty)
}

/** States that goods are covered. */
export function emitCreated(ctx: Context, rows: readonly WarrantyRow[]): void {
  for (const row of rows) {
    const { plan_id, replaces_id } = row
    emit(ctx, warrantyEvents.created({ ...told(row), plan_id, replaces_id }))
  }
}

/** As published: all is said by the caller. */
function namedCover(ctx: Context, input: CreateWarranty): Cover {
  const { product_id, customer_id, serial_number, warranty_type, expiration_date, terms } = input
  const needed = { serial_number, warranty_type, expiration_date, terms }
  for (const [field, value] of Object.entries(needed)) {
    if (value === undefined) throw invalidField(field, 'is required without plan_id')
  }
  const start_at = startOf(ctx, input)
  const fixed_end_at = toInstant(expiration_date as string)
  if (fixed_end_at <= ctx.now) throw invalidField('expiration_date', 'must be in the future')
  return {
    product_id,
    customer_id,
    warranty_type: warranty_type as string,
    serial_number: serial_number as string,
    terms: terms as string,
    description: input.description ?? null,
    order_id: input.order_id ?? null,
    transferable: input.transferable ?? false,
    start_at,
    fixed_end_at,
  }
}

async function plannedCover(ctx: Context, input: CreateWarranty): Promise<Cover> {
  const plan = await findPlan(ctx, input.plan_id as NonNullable<typeof input.plan_id>)
  if (plan.status === 'archived') throw warrantyErrors.plan_archived({ plan_id: plan.id })
  if (input.expiration_date !== undefined) {
    throw invalidField('expiration_date', 'follows from the plan')
  }
  const { product_id, customer_id, serial_number = null } = input
  const waits = plan.starts === 'activation' && input.start_date === undefined
  const begins = startOf(ctx, input)
  return {
    product_id,
    customer_id,
    serial_number,
    warranty_type: input.warranty_type ?? plan.name,
    terms: input.terms ?? plan.terms,
    description: input.description ?? null,
    order_id: input.order_id ?? null,
    transferable: input.transferable ?? plan.transferable,
    plan_id: plan.id,
    term_months: plan.term_months,
    start_at: waits ? null : begins,
    activate_by:
      waits && plan.activate_within_days ? addDays(begins, plan.activate_within_days) : null,
  }
}

function startOf(ctx: Context, { start_date }: CreateWarranty): string {
  const start_at = start_date === undefined ? ctx.now : toInstant(start_date)
  if (start_at > ctx.now) throw invalidField('start_date', 'must not be in the future')
  return start_at
}

async function requireOrder(
  ctx: Context,
  { order_id, customer_id }: CreateWarranty,
): Promise<void> {
  if (order_id === undefined) return
  const order = await findOrder(ctx, order_id).catch((error: DomainError) => {
    if (error.status === 404) return undefined
    throw error
  })
  if (order?.customer_id !== customer_id) throw warrantyErrors.order_not_found({ order_id })
}

type Serial = Pick<CreateWarranty, 'product_id'> & { serial_number?: string | null }

/**
 * Refuses (`serial_covered`) a serial number of a product that is covered. What covers it but is
 * over makes room.
 */
export async function requireFreeSerial(
  ctx: Context,
  { product_id, serial_number }: Serial,
): Promise<void> {
  if (!serial_number) return
  const live = await coveringSerials(ctx, [serial_number])
  const other = live.find((row) => row.product_id === product_id)
  if (!other) return
  if (asOfNow(ctx, other).status === 'expired') return expire(ctx, other)
  const warranty_number = printWarrantyNumber(other.number)
  throw warrantyErrors.serial_covered({ serial_number, warranty_number, warranty_id: other.id })
}

async function expire(ctx: Context, known: WarrantyRow): Promise<void> {
  const row = await saveWarranty(ctx, known, { status: 'expired' })
  emit(ctx, warrantyEvents.expired(told(row)))
}
