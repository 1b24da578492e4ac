import type { Id } from '#kit/ids'
import { giftCardProducts } from '#modules/catalogue'
import { issueSoldCards, reinstateSoldCard, voidSoldCard } from '#modules/credit'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { orderErrors } from '../errors.ts'
import type { OrderRow } from '../find.ts'
import { linesOf } from '../queries.ts'
import { refundedUnits } from '../refunds/refunded-units.ts'
import { db as orders } from '../tables.ts'
import type { LineRow } from '../wire.ts'
import { giftCardRecipients } from './recipients.ts'
import { insertSoldCards, markVoided, soldCardsOf } from './rows.ts'
import type { SoldCardRow } from './tables.ts'

/**
 * Makes the gift cards of an order what its units say, under its lock and in the transaction that
 * changed them: each unit that is neither cancelled nor refunded has its card from the moment on in
 * which the order is paid, and a unit that is given back takes its value off its card. Called as
 * often as anything changes; what is right already stays. Throws `gift_card_spent` where a unit is
 * given back whose value is not on its card any more.
 */
export async function settleGiftCards(ctx: Context, order: OrderRow): Promise<void> {
  if (!order.has_gift_cards) return
  const order_id = order.id
  const [lines, refunded, cards] = await Promise.all([
    linesOf(ctx, { orders: [order_id] }),
    refundedUnits(ctx, { order_id }),
    soldCardsOf(ctx, { orders: [order_id] }),
  ])
  const sold = await giftCardProducts(
    ctx,
    lines.map(({ product_id }) => product_id),
  )
  const back = new Map(refunded.map((line) => [line.order_line_id, Number(line.quantity)]))
  for (const line of lines) {
    if (!sold.has(line.product_id) || line.unit_amount === 0) continue
    const own = cards.filter(({ order_line_id }) => order_line_id === line.id)
    const good = own.filter(({ voided_at }) => voided_at === null)
    const given_back = line.cancelled_quantity + (back.get(line.id) ?? 0)
    // A unit may have been refunded first and cancelled with its order then.
    const wanted = Math.max(0, line.quantity - given_back)
    const valid_days = sold.get(line.product_id) ?? null
    if (good.length > wanted) await voidSome(ctx, line, { good, many: good.length - wanted })
    else await addSome(ctx, order, { line, own, valid_days, many: wanted - good.length })
  }
}

type Surplus = { good: readonly SoldCardRow[]; many: number }

/** Of several units it does not matter which is given back: those that are whole go first. */
async function voidSome(ctx: Context, line: LineRow, { good, many }: Surplus): Promise<void> {
  let left = many
  for (const card of good.toReversed()) {
    if (left === 0) return
    if (!(await voidSoldCard(ctx, card))) continue
    await markVoided(ctx, card, ctx.now)
    left--
  }
  if (left > 0) throw orderErrors.gift_card_spent({ sku: line.sku, item_id: line.id, units: left })
}

type Missing = {
  line: LineRow
  own: readonly SoldCardRow[]
  valid_days: number | null
  many: number
}

/** A card that was voided for a refund which failed is good again; new ones wait for the money. */
async function addSome(ctx: Context, order: OrderRow, missing: Missing): Promise<void> {
  const { line, own, many } = missing
  const voided = own.filter(({ voided_at }) => voided_at !== null).slice(0, many)
  for (const card of voided) {
    await reinstateSoldCard(ctx, card)
    await markVoided(ctx, card, null)
  }
  const left = many - voided.length
  if (left === 0 || order.payment_status !== 'paid') return
  const { id: order_id, currency } = order
  const recipient = (await giftCardRecipients(ctx, [order], [line])).get(line.id) ?? null
  const customer_id = recipient ? null : order.customer_id
  const { id: order_line_id, unit_amount: amount } = line
  const setting = ctx.settings.gift_card_valid_days
  const valid_days = missing.valid_days ?? (setting > 0 ? setting : null)
  // Of all units that ever had a card: a number is never given twice.
  const first = own.length + 1
  const sold = Array.from({ length: left }, (_, nth) => ({ order_line_id, unit: first + nth }))
  const common = { order_id, customer_id, recipient, currency, amount, valid_days }
  const accounts = await issueSoldCards(
    ctx,
    sold.map((unit) => ({ ...common, ...unit })),
  )
  await insertSoldCards(ctx, {
    rows: sold.map((unit, nth) => ({
      ...unit,
      order_id,
      account_id: accounts[nth] as Id<'credit_account'>,
      amount,
      voided_at: null,
      created_at: ctx.now,
    })),
  })
}

const flag = prepared(orders, (open, p: { id: Id<'order'> }) =>
  open.updateTable('orders').set({ has_gift_cards: true }).where('id', '=', p.id),
)

/**
 * The same after an order's lines were changed: one that has got its first gift card is marked, so
 * that whoever follows its money knows.
 */
export async function followGiftCards(
  ctx: Context,
  order: OrderRow,
  lines: readonly Pick<LineRow, 'item_id' | 'product_id'>[],
): Promise<OrderRow> {
  if (order.has_gift_cards) {
    await settleGiftCards(ctx, order)
    return order
  }
  const products = lines.filter(({ item_id }) => item_id === null).map((line) => line.product_id)
  if ((await giftCardProducts(ctx, products)).size === 0) return order
  await flag.run(ctx, { id: order.id })
  const marked = { ...order, has_gift_cards: true }
  await settleGiftCards(ctx, marked)
  return marked
}
