import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import {
  type BegunRefund,
  finishRefund,
  knownRefund,
  lockOrder,
  type OrderRow,
  orderEvents,
  release,
} from '#modules/orders'
import { type BegunPayment, beginPayment, paidFor, pursuePayment } from '#modules/payments'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { together } from '#platform/reactions'
import { requireVersion } from '#platform/versions'
import { dueFor, worthNow } from '../due.ts'
import { returnErrors } from '../errors.ts'
import { returnEvents } from '../events.ts'
import { findReturn, type Locked, refuseShoppers } from '../find.ts'
import { returnLifecycle } from '../lifecycle.ts'
import { waitingUnits } from '../lines.ts'
import { moveReturn } from '../moves.ts'
import { beginPayback } from '../paying.ts'
import { EXCHANGE_HOLD, stored } from './decide-exchange.ts'
import { exchangeEvents } from './events.ts'
import {
  answerExchange,
  exchangeOfOrder,
  findExchange,
  lockExchange,
  storeExchange,
  tellExchange,
} from './find.ts'
import { exchangeLifecycle } from './lifecycle.ts'
import type { Exchange, SettleExchange } from './schemas.ts'
import type { ExchangeRow } from './tables.ts'

type Begun = { refund: BegunRefund | undefined; payment: BegunPayment | undefined }

/**
 * Counts what came back against what goes out. The worth of the accepted units pays for the other
 * goods as far as it reaches, through the customer's store credit; what it is worth more goes to
 * the original payment or stays as credit, what it is worth less stays to be paid. Nothing is
 * charged. All of it is stored in one transaction before a provider is asked. Asked again it goes
 * on with what is open.
 */
export async function settleExchange(
  ctx: ProcessContext,
  input: SettleExchange,
): Promise<Exchange> {
  refuseShoppers(ctx, 'settle an exchange')
  const begun = await ctx.transaction((tx) => begin(tx, ctx.key, input), 'read committed')
  // First the goods are paid for: should the rest be refused, that is told and tried again.
  if (begun.payment) {
    await pursuePayment(ctx, begun.payment, (settled) => ctx.transaction(settled, 'read committed'))
  }
  if (begun.refund) await finishRefund(ctx, begun.refund)
  return ctx.read(async (tx) => answerExchange(tx, await findExchange(tx, input.id)))
}

async function begin(ctx: Context, key: string, input: SettleExchange): Promise<Begun> {
  const locked = await lockExchange(ctx, input.id)
  const { row, order } = locked
  if (row.status === 'settled' || row.status === 'completed') return goOn(ctx, row)
  requireVersion(ctx, row.version)
  exchangeLifecycle.next(row.status, 'settle')
  const back: Locked = { order, row: await findReturn(ctx, row.return_id) }
  returnLifecycle.next(back.row.status, 'refund')
  const { lines, worth, quantity } = await worthNow(ctx, back, { fee: input.fee_amount })
  const waiting = lines.reduce((sum, line) => sum + waitingUnits(line), 0)
  if (waiting > 0) throw returnErrors.not_inspected({ waiting })
  const goods = await lockOrder(ctx, row.out_order_id as string)
  const owed = await owedFor(ctx, goods)
  const credit = Math.min(worth.due_amount, owed)
  const remainder_to = input.remainder_to ?? row.remainder_to
  const id = key as Id<'order_refund'>
  const how = { credit: remainder_to === 'store_credit' ? ('all' as const) : credit }
  const isWorth = quantity > 0 && worth.items_amount > 0
  const refund = isWorth
    ? await beginPayback(ctx, back, {
        id,
        due: await dueFor(ctx, back, { ...how, fee: input.fee_amount }),
        reason: row.reason,
      })
    : undefined
  if (!refund) emit(ctx, returnEvents.completed((await completed(ctx, back)).told))
  const payment = await payWithCredit(ctx, row, credit)
  const after = await stored(ctx, row, {
    status: exchangeLifecycle.next(row.status, 'settle'),
    remainder_to,
    value_in_amount: worth.due_amount,
    value_out_amount: costOf(goods),
    order_refund_id: refund?.id ?? null,
    payment_id: payment?.payment.id ?? null,
    settled_at: ctx.now,
  })
  tellExchange(ctx, after, exchangeEvents.settled)
  if (owed === 0) await finishExchange(ctx, after)
  return { refund, payment }
}

/** Nothing of what came is worth anything: its return is over without money. */
const completed = (ctx: Context, { row }: Locked) => moveReturn(ctx, row, { move: 'complete' })

/** What the other goods cost now: their order may have been changed since it was placed. */
const costOf = ({ total_amount, cancelled_amount }: OrderRow): number =>
  total_amount - cancelled_amount

/** What of that the customer still owes, who may have paid something in advance. */
async function owedFor(ctx: Context, goods: OrderRow): Promise<number> {
  const paid = await paidFor(ctx, { order_id: goods.id })
  const has = paid.captured_amount + paid.held_amount - paid.refunded_amount
  return Math.max(0, costOf(goods) - has)
}

/** Stores a payment by the customer's store credit, which was given a moment ago. */
async function payWithCredit(
  ctx: Context,
  row: ExchangeRow,
  amount: number,
): Promise<BegunPayment | undefined> {
  if (amount === 0) return undefined
  return beginPayment(ctx, ctx.newId('payment'), {
    order_id: row.out_order_id as Id<'order'>,
    payment_method: 'store_credit',
    amount: formatMoney(amount, row.currency),
    partial: true,
    description: 'What came back for it.',
  })
}

/** What a settlement has left open: a crash came between, or the credit was not taken. */
async function goOn(ctx: Context, row: ExchangeRow): Promise<Begun> {
  const refund =
    row.order_refund_id === null ? undefined : await knownRefund(ctx, row.order_refund_id)
  if (row.status === 'completed') return { refund, payment: undefined }
  const goods = await lockOrder(ctx, row.out_order_id as string)
  const owed = await owedFor(ctx, goods)
  if (owed === 0) {
    await finishExchange(ctx, row)
    return { refund, payment: undefined }
  }
  const known =
    row.payment_id === null
      ? undefined
      : await beginPayment(ctx, row.payment_id, { order_id: goods.id, ...BY_CREDIT })
  if (known?.open || known?.payment.status === 'succeeded') return { refund, payment: known }
  // The credit that paid for it was not taken: it is still the customer's, and tried again.
  const payment = await payWithCredit(ctx, row, Math.min(owed, known?.payment.amount ?? 0))
  await stored(ctx, row, { payment_id: payment?.payment.id ?? null })
  return { refund, payment }
}

const BY_CREDIT = { payment_method: 'store_credit', partial: true } as const

/**
 * Ends an exchange whose goods are paid for: they may leave. The lock of their order is held, so
 * whoever wrote the exchange meanwhile sends this back to look again.
 */
export async function finishExchange(ctx: Context, row: ExchangeRow): Promise<void> {
  const status = exchangeLifecycle.next(row.status, 'complete')
  const after = await storeExchange(ctx, row, { status, closed_at: ctx.now })
  if (!after) throw new TryAgain(`exchange ${row.id} changed meanwhile`)
  const goods = await lockOrder(ctx, row.out_order_id as string)
  if (goods.status === 'on_hold') await release(ctx, goods, { code: EXCHANGE_HOLD })
  tellExchange(ctx, after, exchangeEvents.completed)
}

type Paid = { order_id: Id<'order'>; new_status: string }

/** Goods of a settled exchange that are paid for may leave, whoever paid for them. */
async function followPayment(ctx: Context, { order_id, new_status }: Paid): Promise<void> {
  if (new_status !== 'paid') return
  const row = await exchangeOfOrder(ctx, order_id)
  if (row?.status === 'settled') await finishExchange(ctx, row)
}

export const exchangeReactions = [
  together(orderEvents.payment_status_changed, 'returns.follow_exchange', followPayment),
]
