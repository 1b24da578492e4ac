import type { Id } from '#kit/ids'
import { AMOUNT_MAX } from '#kit/money'
import type { GiftCardRecipient } from '#modules/credit'
import {
  assertReserved,
  confirmReservations,
  destinationOf,
  planReservation,
  type Reference,
  releaseReservations,
  reservationWrites,
  transferReservations,
} from '#modules/inventory'
import type { Priced } from '#modules/pricing'
import { GIFT_CARD } from '#modules/tax'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { writeTogether } from '#platform/database/write-together'
import { insertRows } from '#platform/tables'
import { orderErrors } from '../errors.ts'
import type { OrderRow } from '../find.ts'
import { type Frozen, frozen, type PlacedLine, type PlacedShipping } from '../frozen.ts'
import { insertRecipients, recipientRow } from '../gift-cards/recipients.ts'
import { settleGiftCards } from '../gift-cards/settle-gift-cards.ts'
import { FIRST_ORDER_NUMBER } from '../migrations/2026-11-21-07-create-orders.ts'
import { beginning, emitPlaced, FRESH, FRESH_LINE } from '../placing.ts'
import { db } from '../tables.ts'
import type { LineRow } from '../wire.ts'

/** Everything that an order of a priced cart is made of. */
export type PlacedOrder = Pick<
  OrderRow,
  | 'customer_id'
  | 'currency'
  | 'email'
  | 'shipping_address'
  | 'billing_address'
  | 'payment_method_id'
  | 'notes'
  | 'prices_include_tax'
> & {
  /** The cart that it is made of, or the draft of staff: an order of it that stands wins. */
  cart_id: Id<'cart'> | null
  draft_id?: Id<'draft'>
  lines: readonly PlacedLine[]
  /** Who is mailed the codes of gift cards, if not the buyer, by the key of the line. */
  recipients?: ReadonlyMap<string, GiftCardRecipient>
  shipping: PlacedShipping | null
  /** All money, as the buyer was shown it. */
  priced: Priced
  /** Who holds the stock until now, if anybody does. */
  holder: Reference | null
}

/**
 * Places the order of a cart or a draft, once: the unique `cart_id` and `draft_id` refuse a second
 * one, so callers hold its lock and look for its order first. Everything is frozen as it was priced
 * and stored in one write with its events; stock comes from `holder` as far as that still holds it,
 * and from the shelves for the rest. An order that costs nothing is paid and confirmed at once.
 * Throws `insufficient_stock`, `total_too_large`.
 */
export async function placeOrder(ctx: Context, placed: PlacedOrder): Promise<OrderRow> {
  const { priced } = placed
  if (priced.total_amount > AMOUNT_MAX) throw orderErrors.total_too_large()
  const id = ctx.newId('order')
  const rows = frozen(ctx, { order_id: id, ...placed })
  const order = orderRow(ctx, id, placed)
  const holder = { reference_type: 'order', reference_id: id }
  const demands = demandsOf(rows.lines)
  emitPlaced(ctx, order, rows.lines)
  const isHeld = await takeOver(ctx, placed.holder, { holder, demands })
  const plan =
    isHeld || demands.length === 0
      ? undefined
      : await planReservation(ctx, demands, {
          ...holder,
          destination: destinationOf(placed.shipping_address),
        })
  const writes = writesOf(ctx, order, { ...rows, recipients: recipientRows(placed, rows) })
  const reserves = plan && reservationWrites(ctx, plan)
  const written = await writeTogether(ctx, { ...reserves, ...writes } as typeof writes &
    NonNullable<typeof reserves>)
  if (plan) assertReserved(ctx, plan, written)
  const placedNow = { ...order, number: written.order.rows[0]?.number as number }
  // Nothing will be paid, so nothing else would make its stock certain.
  if (order.payment_status === 'paid') {
    await confirmReservations(ctx, holder)
    await settleGiftCards(ctx, placedNow)
  }
  return placedNow
}

/** The frozen lines stand in the order of the priced ones. */
const recipientRows = ({ priced, recipients }: PlacedOrder, { lines }: Frozen) =>
  lines.flatMap(({ id }, nth) => {
    const recipient = recipients?.get(priced.lines[nth]?.key as string)
    return recipient ? [recipientRow(id, recipient)] : []
  })

type Demands = { item_id: Id<'item'>; quantity: number }[]

const demandsOf = (lines: readonly LineRow[]): Demands =>
  [
    ...Map.groupBy(
      lines.filter(({ item_id }) => item_id !== null),
      ({ item_id }) => item_id as Id<'item'>,
    ),
  ].map(([item_id, own]) => ({
    item_id,
    quantity: own.reduce((sum, { quantity }) => sum + quantity, 0),
  }))

/**
 * Gives the order what was held for its cart. Answers whether that is exactly what it needs; if not
 * (the time was over, or the cart has changed) it is all given back, and is to be promised anew.
 */
async function takeOver(
  ctx: Context,
  from: Reference | null,
  { holder, demands }: { holder: Reference; demands: Demands },
): Promise<boolean> {
  if (!from) return false
  const moved = await transferReservations(ctx, { from, to: holder })
  const held = new Map<string, number>()
  for (const { item_id, quantity } of moved) {
    held.set(item_id, (held.get(item_id) ?? 0) + quantity)
  }
  const fits =
    held.size === demands.length &&
    demands.every(({ item_id, quantity }) => held.get(item_id) === quantity)
  if (!fits) {
    await releaseReservations(ctx, holder)
    await releaseReservations(ctx, from)
  }
  return fits
}

function orderRow(ctx: Context, id: Id<'order'>, placed: PlacedOrder): OrderRow {
  const { lines, shipping, priced, holder, recipients, ...said } = placed
  const { subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount } = priced
  return {
    ...FRESH,
    ...beginning(total_amount),
    has_gift_cards: lines.some(({ tax_class }) => tax_class === GIFT_CARD),
    ...said,
    id,
    number: 0,
    subtotal_amount,
    discount_amount,
    shipping_amount,
    tax_amount,
    total_amount,
    tax_status: 'computed',
    placed_at: ctx.now,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}

/** Stores an order under the next number, and answers that. */
export const insertOrder = prepared(db, (open, p: OrderRow, engine) => {
  const columns = Object.keys(db.tables.orders.properties) as (keyof OrderRow)[]
  const named = Object.fromEntries(columns.map((name) => [name, p[name]])) as OrderRow
  const number = nextNumber(engine, 'orders', FIRST_ORDER_NUMBER)
  return open
    .insertInto('orders')
    .values({ ...named, number })
    .returning('number')
})
const insertLines = insertRows(db, 'order_lines', Object.keys(FRESH_LINE))
const insertFees = insertRows(db, 'order_fees')
const insertDiscounts = insertRows(db, 'order_discounts')
const insertShares = insertRows(db, 'order_discount_shares')
const insertTaxes = insertRows(db, 'order_taxes')

type Rows = Frozen & { recipients: ReturnType<typeof recipientRows> }

const writesOf = (ctx: Context, order: OrderRow, rows: Rows) => ({
  order: insertOrder.bind(ctx, order),
  lines: insertLines.bind(ctx, { rows: rows.lines }),
  ...(rows.fees.length > 0 && { fees: insertFees.bind(ctx, { rows: rows.fees }) }),
  ...(rows.discounts.length > 0 && {
    discounts: insertDiscounts.bind(ctx, { rows: rows.discounts }),
    shares: insertShares.bind(ctx, { rows: rows.shares }),
  }),
  // None where all that was bought are gift cards.
  ...(rows.taxes.length > 0 && { taxes: insertTaxes.bind(ctx, { rows: rows.taxes }) }),
  ...(rows.recipients.length > 0 && {
    recipients: insertRecipients.bind(ctx, { rows: rows.recipients }),
  }),
})
