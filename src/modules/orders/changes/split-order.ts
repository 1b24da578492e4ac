import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { transferUnits } from '#modules/inventory'
import { dividePayments, heldAmount, paidFor, paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { insertOrder } from '../commands/place-order.ts'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { lockOrder, type OrderRow, printOrderNumber } from '../find.ts'
import { keepRecipients } from '../gift-cards/recipients.ts'
import { ordersWithCards } from '../gift-cards/rows.ts'
import { owedFor } from '../payment-status.ts'
import { emitPlaced, FRESH } from '../placing.ts'
import { withLines } from '../queries.ts'
import { statusAt } from '../settle.ts'
import { tieOf } from '../ties.ts'
import { holderOf } from '../units/held-stock.ts'
import { paidAmount } from './balance.ts'
import { commitChange, type Planned } from './commit.ts'
import type { Effect, Rows } from './effects.ts'
import { totalsOf } from './money.ts'
import { type Paid, paidShare } from './paid-share.ts'
import { parted } from './parted.ts'
import type { Split, SplitOrder } from './schemas.ts'
import { insertState } from './store-state.ts'

const SPLITTABLE: readonly OrderRow['status'][] = ['pending', 'confirmed', 'processing']

/**
 * Makes open units of an order an order of their own, with their share of every amount to the cent,
 * with the stock that is promised to them, and with what was paid for them. Fees stay where they
 * are. Money that is only held cannot be divided. Throws `not_splittable`, `not_editable`,
 * `item_not_found`, `units_not_there`.
 */
export async function splitOrder(ctx: Context, input: SplitOrder): Promise<Split> {
  const order = await lockOrder(ctx, input.id)
  requireVersion(ctx, order.version)
  const paid = await requireSplittable(ctx, order)
  const units = input.items.map(({ item_id, quantity }) => ({ order_line_id: item_id, quantity }))
  const reason = input.reason ?? null
  const id = ctx.newId('order')
  const effects: Effect[] = [{ kind: 'give_units', units, to: id }]
  let opened: Opened | undefined
  const moveMoney = async ({ before }: Pick<Planned, 'before'>) => {
    opened = renamed(ctx, parted(before, units).leaving)
    await takeMoneyAlong(ctx, order, { to: id, paid, costs: costsOf(order, opened.rows) })
  }
  const change = { kind: 'split', effects, reason, keepsStock: true, moveMoney } as const
  const changed = await commitChange(ctx, order, change, (done) => {
    const { total_amount, currency } = done.order
    const told = { order_id: order.id, order_change_id: done.change.id, new_order_id: id, reason }
    const costs = { total_amount, owed_amount: owedFor(done.order), currency }
    emit(ctx, orderEvents.split({ ...told, lines: opened?.lines ?? [], ...costs }))
  })
  const { rows, lines } = opened as unknown as Opened
  await keepRecipients(ctx, order, lines)
  // What stays may be shipped as a whole by that; what leaves is as far as the order was before.
  const parts = await open(ctx, { ...changed.order, status: order.status }, { id, rows })
  const holders = { from: holderOf(order), to: holderOf(parts) }
  await transferUnits(ctx, holders, demandsOf(rows))
  return { order: await withLines(ctx, changed.order), new_order: await withLines(ctx, parts) }
}

async function requireSplittable(ctx: Context, order: OrderRow): Promise<Paid> {
  const { status } = order
  if (!SPLITTABLE.includes(status)) {
    throw orderErrors.not_splittable({ problem: `it is ${status}`, status })
  }
  const [tie, paid, left] = await Promise.all([
    tieOf(ctx, [order.id]),
    paidFor(ctx, { order_id: order.id }),
    paidAmount(ctx, order),
  ])
  if (tie) throw refuse(tie.problem)
  const isIssued = order.has_gift_cards && (await ordersWithCards(ctx, [order.id])).size > 0
  if (isIssued) throw refuse('its gift cards are issued')
  if (paid.undecided) throw refuse('a payment of it is under way')
  if (paid.held_amount > 0) throw await onlyHeld(ctx, order)
  return { owed: owedFor(order), taken: paid.captured_amount, left }
}

const refuse = (problem: string) => orderErrors.not_splittable({ problem })

/**
 * A hold is one promise of a bank, which most providers capture once and let go as a whole
 * (decision 84): so each is named with what can be done about it.
 */
async function onlyHeld(ctx: Context, { id: order_id, currency }: OrderRow) {
  const payments = await paymentsOfOrder(ctx, { order_id })
  const held_payments = payments
    .filter((payment) => heldAmount(payment) > 0)
    .map((payment) => ({
      payment_id: payment.id,
      held_amount: formatMoney(heldAmount(payment), currency),
      capture: `POST /api/v1/payments/${payment.id}/capture`,
      void: `POST /api/v1/payments/${payment.id}/void`,
    }))
  const problem = 'money is only held for it, which cannot be divided: capture it or void it first'
  return orderErrors.not_splittable({ problem, held_payments })
}

type Along = { to: OrderRow['id']; paid: Paid; costs: { total_amount: number } }

/** What was paid for the units goes with them: each order then has paid its part. */
async function takeMoneyAlong(ctx: Context, order: OrderRow, along: Along): Promise<void> {
  const { to, paid, costs } = along
  const amount = paidShare(paid, costs.total_amount)
  const isThere =
    amount === 0 ||
    (amount !== undefined && (await dividePayments(ctx, { from: order.id, to, amount })))
  if (!isThere) throw refuse('so much of its money went back that none is left for what leaves')
}

const costsOf = (from: OrderRow, rows: Rows) => {
  const { currency, prices_include_tax, tax_status } = from
  return totalsOf({ ...rows, currency, prices_include_tax, tax_status, details: from })
}

type Opened = {
  rows: Rows
  lines: {
    from_order_line_id: Id<'order_line'>
    order_line_id: Id<'order_line'>
    quantity: number
  }[]
}

/** The rows with ids of their own, and which line has become which. */
export function renamed(ctx: Context, rows: Rows): Opened {
  const ids = new Map(rows.lines.map(({ id }) => [id, ctx.newId('order_line')]))
  const named = <R extends { order_line_id: Id<'order_line'> | null }>(row: R): R => ({
    ...row,
    order_line_id: row.order_line_id && (ids.get(row.order_line_id) as Id<'order_line'>),
  })
  return {
    rows: {
      ...rows,
      lines: rows.lines.map((line, nth) => ({
        ...line,
        id: ids.get(line.id) as Id<'order_line'>,
        position: nth + 1,
      })),
      shares: rows.shares.map(named),
      taxes: rows.taxes.map(named),
    },
    lines: rows.lines.map(({ id, quantity }) => ({
      from_order_line_id: id,
      order_line_id: ids.get(id) as Id<'order_line'>,
      quantity,
    })),
  }
}

/** Stores the new order: placed when the other was, so that its day stays the day of the sale. */
async function open(
  ctx: Context,
  from: OrderRow,
  { id, rows }: { id: OrderRow['id']; rows: Rows },
): Promise<OrderRow> {
  const fresh = {
    ...from,
    ...FRESH,
    ...costsOf(from, rows),
    has_gift_cards: from.has_gift_cards,
    id,
    cart_id: null,
    payment_status: 'pending' as const,
  }
  const payment_status = await statusAt(ctx, fresh, fresh)
  const isPaid = payment_status === 'paid'
  const order: OrderRow = {
    ...fresh,
    payment_status,
    status: from.status === 'pending' && isPaid ? 'confirmed' : from.status,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const stored = await insertOrder.first(ctx, order)
  await insertState(ctx, id, rows)
  const paid_because = `it was part of ${printOrderNumber(from.number)}`
  emitPlaced(ctx, { ...order, paid_because }, rows.lines)
  return { ...order, number: stored?.number as number }
}

function demandsOf({ lines }: Rows) {
  const byItem = Map.groupBy(
    lines.filter(({ item_id }) => item_id !== null),
    ({ item_id }) => item_id as Id<'item'>,
  )
  return [...byItem].map(([item_id, own]) => ({
    item_id,
    quantity: own.reduce((sum, { quantity }) => sum + quantity, 0),
  }))
}
