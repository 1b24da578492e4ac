import { randomBytes } from 'node:crypto'
import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { lockOrder, type OrderRow } from '#modules/orders'
import { coveredAmount, type PaymentRow, paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { drawPublicId } from '../external-ids/prefixes.ts'
import { db, type IntentRow } from '../tables.ts'
import { ecommerceErrors } from './errors.ts'
import { FACE, meant, nameOf } from './names.ts'
import { orderNamed } from './orders.ts'
import type { CreateIntent, Intent } from './schemas.ts'

const insertIntents = insertRows(db, 'payment_intents')
const intentById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('payment_intents')
    .selectAll()
    .where('id', '=', p.id as Id<'payment_intent'>),
)
const updateIntent = prepared(db, (open, p: IntentRow) =>
  open
    .updateTable('payment_intents')
    .set({
      gateway_reference: p.gateway_reference,
      provider_status: p.provider_status,
      payment_id: p.payment_id,
      last_event_hash: p.last_event_hash,
      reversed_at: p.reversed_at,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id),
)

/**
 * Takes down that an order is to be paid. An order may have many such intents; at most one of them
 * becomes its payment. Throws `order_not_found`, `already_paid`.
 */
export async function createIntent(
  ctx: Context,
  { order_id, provider }: CreateIntent,
): Promise<Intent> {
  const order = await lockOrder(ctx, (await orderNamed(ctx, order_id)).id)
  const payments = await paymentsOfOrder(ctx, { order_id: order.id })
  const amount = order.total_amount - order.cancelled_amount
  if (isPaid(amount, payments)) throw ecommerceErrors.already_paid()
  const intent: IntentRow = {
    id: ctx.newId('payment_intent'),
    order_id: order.id,
    provider: provider.trim().toLowerCase(),
    client_secret: drawPublicId(FACE, 'client_secret'),
    amount,
    currency: order.currency,
    gateway_reference: null,
    provider_status: null,
    payment_id: null,
    last_event_hash: null,
    reversed_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  await insertIntents(ctx, { rows: [intent] })
  return toldIntent(ctx, intent, undefined)
}

/** Whether nothing more is owed of so much. */
export const isPaid = (owed: number, payments: readonly PaymentRow[]): boolean =>
  coveredAmount([...payments]) >= owed

/** An intent with its order, which is locked: whoever writes an intent holds that lock. */
export type LockedIntent = {
  intent: IntentRow
  order: OrderRow
  payments: PaymentRow[]
  /** What the intent became, if it was confirmed or spoken of. */
  own: PaymentRow | undefined
}

/** The intent of a public id, locked with its order; undefined if there is none. */
export async function lockedIntent(
  ctx: Context,
  public_id: string,
): Promise<LockedIntent | undefined> {
  const id = await meant(ctx, 'payment_intent', public_id)
  const before = id === undefined ? undefined : await intentById.first(ctx, { id })
  if (!before) return undefined
  const order = await lockedIfSeen(ctx, before.order_id)
  if (!order) return undefined
  // What it was before the lock was had may be over.
  const [intent, payments] = await Promise.all([
    intentById.first(ctx, { id: before.id }),
    paymentsOfOrder(ctx, { order_id: order.id }),
  ])
  if (!intent) return undefined
  return { intent, order, payments, own: payments.find(({ id: own }) => own === intent.payment_id) }
}

/** Another's order is not there, and so what is to be paid for it is not. */
async function lockedIfSeen(ctx: Context, id: Id<'order'>): Promise<OrderRow | undefined> {
  try {
    return await lockOrder(ctx, id)
  } catch (error) {
    if (error instanceof DomainError && error.status === 404) return undefined
    throw error
  }
}

/** Stores a change of an intent whose order is locked. */
export async function saveIntent(
  ctx: Context,
  before: IntentRow,
  change: Partial<IntentRow>,
): Promise<IntentRow> {
  const intent = { ...before, ...change, updated_at: ctx.now }
  await updateIntent.run(ctx, intent)
  return intent
}

/** A reference as the source of the interface makes one up. */
export const drawReference = (): string => `gw_${randomBytes(5).toString('hex')}`

/** An intent as this face tells it. */
export async function toldIntent(
  ctx: Context,
  intent: IntentRow,
  payment: PaymentRow | undefined,
): Promise<Intent> {
  const [id, order_id] = await Promise.all([
    nameOf(ctx, 'payment_intent', intent.id),
    nameOf(ctx, 'order', intent.order_id),
  ])
  return {
    id,
    order_id,
    amount: formatMoney(intent.amount, intent.currency),
    currency: intent.currency,
    provider: intent.provider,
    status: statusOf(intent, payment),
    client_secret: intent.client_secret,
    created_at: intent.created_at,
    gateway_reference: intent.gateway_reference,
  }
}

const STATUSES: Record<PaymentRow['status'], string> = {
  pending: 'processing',
  processing: 'processing',
  requires_action: 'requires_action',
  authorized: 'requires_capture',
  succeeded: 'succeeded',
  partially_refunded: 'succeeded',
  refunded: 'succeeded',
  failed: 'failed',
  cancelled: 'canceled',
}

/** Until it is confirmed it waits; after a failure the provider's own word stands, if any. */
function statusOf({ provider_status }: IntentRow, payment: PaymentRow | undefined): string {
  if (!payment) return 'requires_confirmation'
  return payment.status === 'failed' ? (provider_status ?? 'failed') : STATUSES[payment.status]
}
