import type { Id } from '#kit/ids'
import { parseCurrency, parseMoney } from '#kit/money'
import { issueCredit } from '#modules/credit'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { emitCreated, requireFreeSerial } from '../coverage/create-warranty.ts'
import { told } from '../coverage/schemas.ts'
import { insertNew, newWarranty, saveWarranty } from '../coverage/store.ts'
import { warrantyClaimEvents, warrantyEvents } from '../events.ts'
import { warrantyClaimLifecycle } from '../lifecycle.ts'
import { staffOnly } from '../staff-only.ts'
import { type ClaimRow, db, printClaimNumber, type RemedyRow, type WarrantyRow } from '../tables.ts'
import { requireReferences } from './references.ts'
import type { RemedyClaim, WarrantyClaim } from './schemas.ts'
import { answerOf, countUnits, lockClaim, saveClaim, toldOf } from './store.ts'

const insertRemedies = insertRows(db, 'warranty_remedies')

/**
 * Writes down what was done about an approved claim. A repair leaves the coverage as it is; to
 * replace, to refund and to give credit end it for these units, and what was sent instead inherits
 * the time that was left (I-47). Credit is given here, the others name what fulfils them. Throws
 * `reference_not_found`, `serial_covered`.
 */
export async function remedyClaim(ctx: Context, input: RemedyClaim): Promise<WarrantyClaim> {
  staffOnly(ctx, 'remedy a claim')
  const { claim: known, warranty } = await lockClaim(ctx, input.id)
  const status = warrantyClaimLifecycle.next(known.status, 'remedy')
  const { kind } = input
  const { quantity } = known
  const money = moneyOf(input)
  const order_id = await requireReferences(ctx, known, input)
  const ended = kind === 'repair' ? 0 : quantity
  const after = await countUnits(ctx, warranty, { claimed: -quantity, ended })
  if (after.status === 'ended') emit(ctx, warrantyEvents.ended(told(after)))
  const remedy: RemedyRow = {
    id: ctx.newId('warranty_remedy'),
    claim_id: known.id,
    warranty_id: warranty.id,
    kind,
    quantity,
    ...money,
    order_id,
    return_id: input.return_id ?? null,
    exchange_id: input.exchange_id ?? null,
    order_refund_id: input.order_refund_id ?? null,
    credit_account_id: await creditFor(ctx, known, { kind, ...money }),
    replacement_id: await inherit(ctx, after, { claim: known, input, order_id }),
    note: input.note ?? null,
    created_by: ctx.actor.id,
    created_at: ctx.now,
  }
  await insertRemedies(ctx, { rows: [remedy] })
  const claim = await saveClaim(ctx, known, { status, remedy: kind })
  emit(ctx, warrantyClaimEvents.remedied({ ...toldOf(claim), ...fulfilmentOf(remedy) }))
  return answerOf(ctx, claim)
}

const fulfilmentOf = (remedy: RemedyRow) => ({
  remedy_id: remedy.id,
  remedy: remedy.kind,
  currency: remedy.currency,
  amount: remedy.amount,
  order_id: remedy.order_id,
  return_id: remedy.return_id,
  exchange_id: remedy.exchange_id,
  order_refund_id: remedy.order_refund_id,
  credit_account_id: remedy.credit_account_id,
  replacement_id: remedy.replacement_id,
})

type Worth = Pick<RemedyRow, 'currency' | 'amount'>

function moneyOf({ kind, amount: given, currency: named }: RemedyClaim): Worth {
  if (given === undefined && kind !== 'credit') return { currency: null, amount: null }
  if (given === undefined) throw invalidField('amount', 'is required for credit')
  if (named === undefined) throw invalidField('currency', 'is required beside an amount')
  const currency = parseCurrency(named)
  const amount = parseMoney(given, currency)
  if (amount <= 0) throw invalidField('amount', 'must be above zero')
  return { currency, amount }
}

/** Store credit for the customer, once for a claim. */
async function creditFor(
  ctx: Context,
  { id, number, customer_id }: ClaimRow,
  { kind, currency, amount }: Worth & Pick<RemedyClaim, 'kind'>,
): Promise<Id<'credit_account'> | null> {
  if (kind !== 'credit') return null
  const { account_id } = await issueCredit(ctx, {
    customer_id,
    currency: currency as string,
    amount: amount as number,
    reason: `Warranty claim ${printClaimNumber(number)}`,
    reference: { reference_type: 'warranty_claim', reference_id: id },
  })
  return account_id
}

type Replaced = { claim: ClaimRow; input: RemedyClaim; order_id: Id<'order'> | null }

/** Covers what was sent instead for the time that is left; null where none is. */
async function inherit(
  ctx: Context,
  old: WarrantyRow,
  { claim, input, order_id }: Replaced,
): Promise<Id<'warranty'> | null> {
  if (input.kind !== 'replace') return null
  const serial_number = input.serial_number ?? null
  if (serial_number && claim.quantity > 1) {
    throw invalidField('serial_number', 'is for a claim of one unit')
  }
  if (old.end_at === null || old.end_at <= ctx.now) return null
  if (order_id) await withdrawAnew(ctx, old, order_id)
  await requireFreeSerial(ctx, { product_id: old.product_id, serial_number })
  const { product_id, customer_id, plan_id, warranty_type, description, terms, transferable } = old
  const row = newWarranty(ctx, {
    product_id,
    customer_id,
    plan_id,
    warranty_type,
    description,
    terms,
    transferable,
    serial_number,
    quantity: claim.quantity,
    order_id,
    start_at: ctx.now,
    fixed_end_at: old.end_at,
    replaces_id: old.id,
    claim_id: claim.id,
  })
  const [made] = await insertNew(ctx, [row])
  if (!made) throw new TryAgain('another has covered this serial number at this moment')
  emitCreated(ctx, [made])
  return made.id
}

/** What was delivered before anybody said that it replaces something was covered anew. */
async function withdrawAnew(ctx: Context, old: WarrantyRow, order_id: Id<'order'>): Promise<void> {
  const anew = await db(ctx)
    .selectFrom('warranties')
    .selectAll()
    .where('order_id', '=', order_id)
    .where('product_id', '=', old.product_id)
    .where('order_line_id', 'is not', null)
    .where('status', 'in', ['pending', 'active'])
    .where('claimed_quantity', '=', 0)
    .where('ended_quantity', '=', 0)
    .execute()
  const reason = 'It was sent in place of something broken, and inherits.'
  for (const known of anew) {
    if (known.id === old.id) continue
    const row = await saveWarranty(ctx, known, { status: 'void', void_reason: reason })
    emit(ctx, warrantyEvents.voided({ ...told(row), reason }))
  }
}
