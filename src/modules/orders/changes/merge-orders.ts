import { confirmReservations, transferReservations } from '#modules/inventory'
import { movePayments } from '#modules/payments'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { type OrderRow, printOrderNumber } from '../find.ts'
import { keepRecipients } from '../gift-cards/recipients.ts'
import { ordersWithCards } from '../gift-cards/rows.ts'
import { lockOrders } from '../lock-orders.ts'
import { endAsMerged } from '../moves.ts'
import { owedFor } from '../payment-status.ts'
import { withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'
import { tieOf } from '../ties.ts'
import { holderOf } from '../units/held-stock.ts'
import { openUnits } from '../units/lines.ts'
import { openChangesOf } from './change-rows.ts'
import { type Changed, commitChange, recordChange } from './commit.ts'
import type { Effect, OrderState } from './effects.ts'
import { statesOf } from './order-state.ts'
import { destinationOf } from './resolve.ts'
import type { MergeOrders } from './schemas.ts'
import { renamed } from './split-order.ts'
import { refundsOf } from './standing.ts'
import { isEqual } from './store-state.ts'

const MERGEABLE: readonly OrderRow['status'][] = ['pending', 'confirmed', 'processing']

/**
 * Makes other orders part of one: their lines with all amounts to the cent, their fees, their stock
 * and their payments. Each of them ends as cancelled, with the order that it became part of as its
 * reason; nothing is given back. All are of one buyer, in one currency, and nothing of them has
 * left. Throws `not_mergeable`, `too_many_items`, `total_too_large`.
 */
export async function mergeOrders(ctx: Context, input: MergeOrders): Promise<Order> {
  const [into, ...sources] = await lockOrders(ctx, [input.id, ...input.orders])
  if (!into || sources.length === 0) throw new Error('orders were not found, and nobody said so')
  requireVersion(ctx, into.version)
  await requireMergeable(ctx, into, sources)
  const states = await statesOf(ctx, sources)
  const address = addressOf(input, [into, ...sources])
  const taken = sources.map((from) => ({
    from,
    ...takenRows(ctx, states.get(from.id) as OrderState),
  }))
  for (const { from, lines } of taken) await keepRecipients(ctx, from, lines)
  for (const { id, number } of sources) {
    if (await movePayments(ctx, { from: id, to: into.id })) continue
    throw refuse(number, 'a payment of it is under way')
  }
  for (const from of sources)
    await end(ctx, { from, into, state: states.get(from.id) as OrderState })
  const effects: Effect[] = taken.map(({ from, rows }) => ({
    kind: 'take_rows',
    rows,
    from: from.id,
  }))
  if (address) effects.push({ kind: 'set_details', details: address })
  const reason = input.reason ?? null
  const change = { kind: 'merge', effects, reason, keepsStock: true } as const
  const changed = await commitChange(ctx, into, change, (done) => {
    const lines = taken.flatMap(({ from, lines: own }) =>
      own.map((line) => ({ from_order_id: from.id, ...line })),
    )
    tellMerged(ctx, done, { lines, merged_order_ids: sources.map(({ id }) => id), reason })
  })
  // What is accepted holds its stock for good, what came to it like its own.
  if (changed.order.status !== 'pending') await confirmReservations(ctx, holderOf(into))
  return withLines(ctx, changed.order)
}

const refuse = (number: number, problem: string) =>
  orderErrors.not_mergeable({ order_number: printOrderNumber(number), problem })

async function requireMergeable(
  ctx: Context,
  into: OrderRow,
  sources: readonly OrderRow[],
): Promise<void> {
  if (new Set([into, ...sources].map(({ id }) => id)).size <= sources.length) {
    throw invalidField('orders', 'must name other orders, each once')
  }
  await requireUntied(ctx, [into, ...sources])
  for (const order of [into, ...sources]) {
    const { number, status } = order
    if (!MERGEABLE.includes(status)) throw refuse(number, `it is ${status}`)
    if (order.fulfillment_status !== 'unfulfilled') throw refuse(number, 'some of it has left')
    if (order.customer_id !== into.customer_id) throw refuse(number, 'it is of another customer')
    if (order.currency !== into.currency) throw refuse(number, 'it is in another currency')
    const isTaxedAlike =
      order.tax_status === into.tax_status && order.prices_include_tax === into.prices_include_tax
    if (!isTaxedAlike) throw refuse(number, 'its taxes were computed in another way')
  }
  const ids = { orders: sources.map(({ id }) => id) }
  const [open, refunds, carded] = await Promise.all([
    openChangesOf(ctx, ids),
    refundsOf(ctx, ids),
    ordersWithCards(ctx, ids.orders),
  ])
  const numberOf = (id: OrderRow['id']) => sources.find((one) => one.id === id)?.number as number
  if (open[0]) throw refuse(numberOf(open[0].order_id), 'a set of changes of it is open')
  if (refunds[0]) throw refuse(numberOf(refunds[0].order_id), 'something of it was refunded')
  const [issued] = carded
  if (issued) throw refuse(numberOf(issued), 'its gift cards are issued')
}

/** Refuses orders that something else needs to stay as they are. */
async function requireUntied(ctx: Context, orders: readonly OrderRow[]): Promise<void> {
  const tie = await tieOf(
    ctx,
    orders.map(({ id }) => id),
  )
  const tied = orders.find(({ id }) => id === tie?.order_id)
  if (tie && tied) throw refuse(tied.number, tie.problem)
}

type Address = Pick<OrderRow, 'shipping_address'>

/** The address that the order gets, if it gets another: all are alike, or one is chosen. */
function addressOf({ address_of }: MergeOrders, orders: readonly OrderRow[]): Address | undefined {
  const [into] = orders as [OrderRow]
  const chosen =
    address_of === undefined
      ? into
      : orders.find(({ id, number }) => [id, printOrderNumber(number)].includes(address_of))
  if (!chosen) throw invalidField('address_of', 'must be one of the orders')
  for (const { number, tax_status, shipping_address } of orders) {
    const isThere = isEqual(shipping_address, chosen.shipping_address)
    if (isThere) continue
    if (address_of === undefined) throw refuse(number, 'it goes to another address: choose one')
    const isNear = isEqual(destinationOf(shipping_address), destinationOf(chosen.shipping_address))
    if (tax_status === 'computed' && !isNear) {
      throw refuse(number, 'its taxes were computed for another place')
    }
  }
  const { shipping_address } = chosen
  return isEqual(shipping_address, into.shipping_address) ? undefined : { shipping_address }
}

/** The rows that go over, with ids of their own; lines that were taken out stay behind. */
function takenRows(ctx: Context, state: OrderState) {
  const { fees, discounts } = state
  const lines = state.lines.filter(({ quantity }) => quantity > 0)
  const isTaken = ({ order_line_id }: { order_line_id: string | null }) =>
    order_line_id === null || lines.some(({ id }) => id === order_line_id)
  const shares = state.shares.filter(isTaken)
  const taxes = state.taxes.filter(isTaken)
  return renamed(ctx, { lines, fees, discounts, shares, taxes })
}

type Ending = { from: OrderRow; into: OrderRow; state: OrderState }

async function end(ctx: Context, { from, into, state }: Ending): Promise<void> {
  const reason = `merged into ${printOrderNumber(into.number)}`
  const units = state.lines.flatMap((line) =>
    openUnits(line) > 0 ? [{ order_line_id: line.id, quantity: openUnits(line) }] : [],
  )
  const effects = [{ kind: 'cancel_units' as const, units }]
  await recordChange(ctx, from, { kind: 'merge', effects, reason })
  await transferReservations(ctx, { from: holderOf(from), to: holderOf(into) })
  await endAsMerged(ctx, from, { into: into.id, reason })
}

type Merged = Pick<
  Parameters<typeof orderEvents.merged>[0],
  'lines' | 'merged_order_ids' | 'reason'
>

function tellMerged(ctx: Context, { order, change }: Changed, said: Merged): void {
  const { id: order_id, total_amount, currency } = order
  const told = { order_id, order_change_id: change.id, ...said }
  emit(ctx, orderEvents.merged({ ...told, total_amount, owed_amount: owedFor(order), currency }))
}
