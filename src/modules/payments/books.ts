import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { updateChanged } from '#platform/database/update-changed'
import { type Payable, payableOrders } from './payable.ts'
import { db, type EventRow, type PaymentRow, type RefundRow, type RequestRow } from './tables.ts'

export const insertPayment = prepared(db, (open, p: PaymentRow) =>
  open.insertInto('payments').values(columnsOf('payments', p)),
)
export const insertEvent = prepared(db, (open, p: EventRow) =>
  open.insertInto('payment_events').values(columnsOf('payment_events', p)),
)
export const insertRequest = prepared(db, (open, p: RequestRow) =>
  open.insertInto('payment_requests').values(columnsOf('payment_requests', p)),
)
export const insertRefund = prepared(db, (open, p: RefundRow) =>
  open.insertInto('refunds').values(columnsOf('refunds', p)),
)

/** A row's columns, each by name: `prepared` fills them in when it runs. */
function columnsOf<R extends object>(table: keyof typeof db.tables, row: R): R {
  const names = Object.keys(db.tables[table].properties) as (keyof R)[]
  return Object.fromEntries(names.map((name) => [name, row[name]])) as R
}

export const paymentsOfOrder = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open.selectFrom('payments').selectAll().where('order_id', '=', p.order_id).orderBy('id'),
)
export const paymentById = prepared(db, (open, p: { id: Id<'payment'> }) =>
  open.selectFrom('payments').selectAll().where('id', '=', p.id),
)
export const requestsOfPayment = prepared(db, (open, p: { payment_id: Id<'payment'> }) =>
  open
    .selectFrom('payment_requests')
    .selectAll()
    .where('payment_id', '=', p.payment_id)
    .orderBy('id'),
)
const eventsOfPayment = prepared(db, (open, p: { payment_id: Id<'payment'> }) =>
  open.selectFrom('payment_events').selectAll().where('payment_id', '=', p.payment_id),
)
export const refundsOfPayment = prepared(db, (open, p: { payment_id: Id<'payment'> }) =>
  open.selectFrom('refunds').selectAll().where('payment_id', '=', p.payment_id).orderBy('id'),
)

/** An order's payments and what it costs, read under the order's lock. */
export async function lockOrder(
  ctx: Context,
  order_id: Id<'order'>,
): Promise<{ payable: Payable | undefined; payments: PaymentRow[] }> {
  const [, payable, payments] = await Promise.all([
    lockEntity(ctx, 'order', order_id),
    payableOrders.of(ctx).payableOf(ctx, order_id),
    paymentsOfOrder(ctx, { order_id }),
  ])
  return { payable, payments }
}

/** Everything that a settlement of one payment looks at. */
export type Books = {
  payment: PaymentRow
  /** The order's other payments. */
  others: PaymentRow[]
  events: EventRow[]
  requests: RequestRow[]
  /** What the order costs; read only where it is asked for. */
  payable: Payable | undefined
}

type Sought = {
  payment_id: Id<'payment'>
  order_id: Id<'order'>
  /** Whether it matters what the order costs. */
  withPayable: boolean
  /** The request that began the payment, where the caller has it at hand. */
  first?: RequestRow | undefined
}

/**
 * Reads the books of a payment under its order's lock. A payment at version 1 has not been touched
 * since it was begun: nothing was said of it yet, and its first request is its only one.
 */
export async function openBooks(ctx: Context, sought: Sought): Promise<Books> {
  const { payment_id, order_id, withPayable, first } = sought
  const [, payable, payments] = await Promise.all([
    lockEntity(ctx, 'order', order_id),
    withPayable ? payableOrders.of(ctx).payableOf(ctx, order_id) : undefined,
    paymentsOfOrder(ctx, { order_id }),
  ])
  const payment = payments.find(({ id }) => id === payment_id)
  // Its order became part of another one between the look and the lock.
  if (!payment) throw new TryAgain(`payment ${payment_id} is not of order ${order_id} any more`)
  const others = payments.filter((one) => one !== payment)
  if (payment.version === 1 && first) {
    return { payment, others, events: [], requests: [first], payable }
  }
  const [events, requests] = await Promise.all([
    eventsOfPayment(ctx, { payment_id }),
    requestsOfPayment(ctx, { payment_id }),
  ])
  return { payment, others, events, requests, payable }
}

const OPEN = new Set<RequestRow['state']>(['requested', 'sent', 'unknown'])
/** Whether the outcome of a request is still to come. */
export const isOpen = ({ state }: Pick<RequestRow, 'state'>): boolean => OPEN.has(state)

/** Held and not yet taken or let go, in minor units. */
export const heldAmount = (payment: PaymentRow): number =>
  payment.authorized_amount - payment.captured_amount - payment.voided_amount

/** What could still be captured or let go: held, and not asked for already; minor units. */
export const freeHeldAmount = (payment: PaymentRow): number =>
  heldAmount(payment) - payment.capture_pending_amount - payment.void_pending_amount

/** What was taken for its own order: what went to parts of it pays for others; minor units. */
export const takenAmount = (payment: PaymentRow): number =>
  payment.captured_amount - payment.parted_amount

/** What could still be refunded: taken, not given back, and not asked for already; minor units. */
export const refundableAmount = (payment: PaymentRow): number =>
  takenAmount(payment) - payment.refunded_amount - payment.refund_pending_amount

/** Minor units of several payments together. */
export const sumOf = (payments: readonly PaymentRow[], amount: (payment: PaymentRow) => number) =>
  payments.reduce((total, payment) => total + amount(payment), 0)

/** What an order has paid so far and not got back, with what is held for it; minor units. */
export const coveredAmount = (payments: readonly PaymentRow[]): number =>
  sumOf(payments, (one) => takenAmount(one) - one.refunded_amount + heldAmount(one))

/**
 * The guarded write of a payment computed from the known one; it touches no row when the race is
 * lost.
 */
export const paymentUpdate = updateChanged<PaymentRow, unknown>(db as never, {
  table: 'payments',
  columns: [
    'provider_ref',
    'authorized_amount',
    'captured_amount',
    'voided_amount',
    'refunded_amount',
    'capture_pending_amount',
    'void_pending_amount',
    'refund_pending_amount',
    'status',
    'failure_code',
    'failure_message',
    'action_url',
    'version',
    'updated_at',
    'processed_at',
  ],
})
