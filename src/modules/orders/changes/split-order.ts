import type { Id } from '#kit/ids'
import { transferUnits } from '#modules/inventory'
import { paidFor } from '#modules/payments'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { insertOrder } from '../commands/place-order.ts'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { lockOrder, type OrderRow } from '../find.ts'
import { owedFor } from '../payment-status.ts'
import { beginning, emitPlaced, FRESH } from '../placing.ts'
import { withLines } from '../queries.ts'
import { holderOf } from '../units/held-stock.ts'
import { commitChange } from './commit.ts'
import type { Effect, Rows } from './effects.ts'
import { totalsOf } from './money.ts'
import { parted } from './parted.ts'
import type { Split, SplitOrder } from './schemas.ts'
import { insertState } from './store-state.ts'

const SPLITTABLE: readonly OrderRow['status'][] = ['pending', 'confirmed', 'processing']

/**
 * Makes open units of an order an order of their own, with their share of every amount to the cent,
 * and with the stock that is promised to them. Fees stay where they are. An order for which money
 * was taken or is held stays whole: it can be shipped in parts. Throws `not_splittable`,
 * `not_editable`, `item_not_found`, `units_not_there`.
 */
export async function splitOrder(ctx: Context, input: SplitOrder): Promise<Split> {
  const order = await lockOrder(ctx, input.id)
  requireVersion(ctx, order.version)
  await requireSplittable(ctx, order)
  const units = input.items.map(({ item_id, quantity }) => ({ order_line_id: item_id, quantity }))
  const reason = input.reason ?? null
  const id = ctx.newId('order')
  const effects: Effect[] = [{ kind: 'give_units', units, to: id }]
  const change = { kind: 'split', effects, reason, keepsStock: true } as const
  let opened: Opened | undefined
  const changed = await commitChange(ctx, order, change, (done) => {
    opened = renamed(ctx, parted(done.before, units).leaving)
    const { total_amount, currency } = done.order
    const told = { order_id: order.id, order_change_id: done.change.id, new_order_id: id, reason }
    const costs = { total_amount, owed_amount: owedFor(done.order), currency }
    emit(ctx, orderEvents.split({ ...told, lines: opened.lines, ...costs }))
  })
  const { rows } = opened as unknown as Opened
  // What stays may be shipped as a whole by that; what leaves is as far as the order was before.
  const parts = await open(ctx, { ...changed.order, status: order.status }, { id, rows })
  const holders = { from: holderOf(order), to: holderOf(parts) }
  await transferUnits(ctx, holders, demandsOf(rows))
  return { order: await withLines(ctx, changed.order), new_order: await withLines(ctx, parts) }
}

async function requireSplittable(ctx: Context, order: OrderRow): Promise<void> {
  const { status } = order
  if (!SPLITTABLE.includes(status)) {
    throw orderErrors.not_splittable({ problem: `it is ${status}`, status })
  }
  const paid = await paidFor(ctx, { order_id: order.id })
  if (!paid.undecided && paid.held_amount === 0 && paid.captured_amount === 0) return
  throw orderErrors.not_splittable({
    problem: 'money was taken or is held for it; ship it in parts instead',
  })
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
  const { currency, prices_include_tax, tax_status } = from
  const totals = totalsOf({ ...rows, currency, prices_include_tax, tax_status, details: from })
  const begun = beginning(totals.total_amount)
  const order: OrderRow = {
    ...from,
    ...FRESH,
    ...totals,
    has_gift_cards: from.has_gift_cards,
    id,
    cart_id: null,
    payment_status: begun.payment_status,
    status: from.status === 'pending' ? begun.status : from.status,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const stored = await insertOrder.first(ctx, order)
  await insertState(ctx, id, rows)
  emitPlaced(ctx, order, rows.lines)
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
