import type { Id } from '#kit/ids'
import { stopSoldCard, usableAmounts } from '#modules/credit'
import { ordersOfCharge, paymentEvents } from '#modules/payments'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { together } from '#platform/reactions'
import { orderEvents } from '../events.ts'
import { type OrderRow, orderOfMoney } from '../find.ts'
import { soldCardsOf } from './rows.ts'

// Units that are given back take their value off their cards. Money that goes another way (an
// amount that staff names, a dispute that is lost) is about no unit: then cards pay with money that
// the shop does not have. A person decides what becomes of them, so it is told.

type Loss = {
  because: 'refund' | 'dispute'
  payment_id: Id<'payment'>
  amount: number
}

/** The cards of an order that are good, and what they were sold for. */
async function goodCards(ctx: Context, order: OrderRow) {
  if (!order.has_gift_cards) return []
  const cards = await soldCardsOf(ctx, { orders: [order.id] })
  return cards.filter(({ voided_at }) => voided_at === null)
}

const issuedFor = (cards: readonly { amount: number }[]): number =>
  cards.reduce((sum, { amount }) => sum + amount, 0)

async function tell(
  ctx: Context,
  { id: order_id, currency }: OrderRow,
  { cards, ...loss }: Loss & { cards: Awaited<ReturnType<typeof goodCards>> },
): Promise<void> {
  const account_ids = cards.map(({ account_id }) => account_id)
  const usable = await usableAmounts(ctx, account_ids)
  emit(
    ctx,
    orderEvents.gift_cards_uncovered({
      order_id,
      ...loss,
      currency,
      account_ids,
      issued_amount: issuedFor(cards),
      usable_amount: [...usable.values()].reduce((sum, amount) => sum + amount, 0),
    }),
  )
}

type Refunded = {
  order_id: Id<'order'>
  payment_id: Id<'payment'>
  amount: number
  order_captured_amount: number
  order_refunded_amount: number
}

/** After a refund: what is left of an order's money pays for its cards, or it is told. */
async function followRefund(ctx: Context, refunded: Refunded): Promise<void> {
  const order = await orderOfMoney(ctx, refunded.order_id)
  const cards = await goodCards(ctx, order)
  const left = refunded.order_captured_amount - refunded.order_refunded_amount
  if (issuedFor(cards) <= left) return
  const { payment_id, amount } = refunded
  await tell(ctx, order, { because: 'refund', payment_id, amount, cards })
}

type Disputed = { payment_id: Id<'payment'>; amount: number; status: string }

/**
 * After a dispute was lost: the cards of all orders that its charge has paid for are disabled with
 * what is left on them, if the setting says so. Staff can enable them again.
 */
async function followDispute(ctx: Context, disputed: Disputed): Promise<void> {
  const { payment_id, amount, status } = disputed
  if (status !== 'lost') return
  for (const order_id of await ordersOfCharge(ctx, payment_id)) {
    const order = await orderOfMoney(ctx, order_id)
    const cards = await goodCards(ctx, order)
    if (cards.length === 0) continue
    if (ctx.settings.disable_gift_cards_on_lost_dispute) {
      const reason = 'the dispute about the payment of its order was lost'
      // In one order, so that two disputes about a charge wait for each other in one direction.
      const inOrder = cards.toSorted((a, b) => (a.account_id < b.account_id ? -1 : 1))
      for (const { account_id } of inOrder) await stopSoldCard(ctx, { account_id, reason })
    }
    await tell(ctx, order, { because: 'dispute', payment_id, amount, cards })
  }
}

export const uncoveredReactions = [
  together(paymentEvents.refunded, 'orders.follow_uncovered_refund', followRefund),
  together(paymentEvents.disputed, 'orders.follow_lost_dispute', followDispute),
  together(paymentEvents.dispute_changed, 'orders.follow_dispute', followDispute),
]
