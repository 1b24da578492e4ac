import { type Id, isUuid } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { lockOrder, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { type AnyEventType, emit } from '#platform/events'
import { returnErrors } from '../errors.ts'
import { claimsRemediedBy, type RemediedClaim } from '../remedied.ts'
import type { Return } from '../schemas.ts'
import { db as returns } from '../tables.ts'
import { printReturns } from '../wire.ts'
import type { exchangeEvents } from './events.ts'
import type { Exchange } from './schemas.ts'
import { db, type ExchangeLineRow, type ExchangeRow } from './tables.ts'

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('exchanges')
    .selectAll()
    .where('id', '=', p.id as Id<'exchange'>),
)
const byNumber = prepared(db, (open, p: { number: number }) =>
  open.selectFrom('exchanges').selectAll().where('number', '=', p.number),
)
const byOutOrder = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open.selectFrom('exchanges').selectAll().where('out_order_id', '=', p.order_id),
)

const NUMBER = /^EXC-(\d{1,15})$/i
export const printNumber = (number: number): string => `EXC-${number}`

/** The exchange that an id or a number names; throws `exchange_not_found`, also for another's. */
export async function findExchange(ctx: Context, ref: string): Promise<ExchangeRow> {
  const digits = NUMBER.exec(ref.trim())?.[1]
  const found = isUuid(ref)
    ? await byId.first(ctx, { id: ref })
    : digits === undefined
      ? undefined
      : await byNumber.first(ctx, { number: Number(digits) })
  const { own_only, customer_id } = ctx.actor
  if (!found || (own_only && found.customer_id !== customer_id)) {
    throw returnErrors.exchange_not_found({ exchange_id: ref })
  }
  return found
}

/** The exchange whose goods an order brings, if it is one of those. */
export const exchangeOfOrder = (ctx: Context, order_id: Id<'order'>) =>
  byOutOrder.first(ctx, { order_id })

export type LockedExchange = { order: OrderRow; row: ExchangeRow }

/** An exchange as it is once the lock of the order is held that its goods came from. */
export async function lockExchange(ctx: Context, ref: string): Promise<LockedExchange> {
  const { id, order_id } = await findExchange(ctx, ref)
  const order = await lockOrder(ctx, order_id)
  return { order, row: await findExchange(ctx, id) }
}

/** What goes out, in its order. */
export const linesOfExchanges = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('exchange_lines')
    .selectAll()
    .where('exchange_id', 'in', listOf(engine, p.ids, 'uuid'))
    .orderBy('exchange_id')
    .orderBy('position'),
)
const returnsById = prepared(returns, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('returns')
    .selectAll()
    .where('id', 'in', listOf(engine, p.ids, 'uuid')),
)

/** Exchanges as they are answered, in the order given: a fixed number of statements. */
export async function printExchanges(
  ctx: Context,
  rows: readonly ExchangeRow[],
): Promise<Exchange[]> {
  if (rows.length === 0) return []
  const [lines, back, claimsOf] = await Promise.all([
    linesOfExchanges(ctx, { ids: rows.map(({ id }) => id) }),
    returnsById(ctx, { ids: rows.map(({ return_id }) => return_id) }),
    claimsRemediedBy(ctx, { exchanges: rows.map(({ id }) => id) }),
  ])
  const told = new Map((await printReturns(ctx, back)).map((one) => [one.id, one]))
  const linesBy = Map.groupBy(lines, ({ exchange_id }) => exchange_id)
  return rows.map((row) =>
    printExchange(row, {
      lines: linesBy.get(row.id) ?? [],
      back: told.get(row.return_id) as Return,
      claims: claimsOf(row.id),
    }),
  )
}

/** One exchange as it is answered. */
export async function answerExchange(ctx: Context, row: ExchangeRow): Promise<Exchange> {
  const [answer] = await printExchanges(ctx, [row])
  return answer as Exchange
}

type Details = { lines: readonly ExchangeLineRow[]; back: Return; claims: RemediedClaim[] }

function printExchange(row: ExchangeRow, { lines, back, claims }: Details): Exchange {
  const money = (minor: number) => formatMoney(minor, row.currency)
  return {
    id: row.id,
    exchange_number: printNumber(row.number),
    order_id: row.order_id,
    customer_id: row.customer_id,
    status: row.status,
    status_reason: row.status_reason,
    reason: row.reason,
    return: back,
    new_items: lines.map((line) => ({
      id: line.id,
      variant_id: line.variant_id,
      sku: line.sku,
      product_name: line.name,
      quantity: line.quantity,
      unit_price: money(line.unit_amount),
    })),
    new_order_id: row.out_order_id,
    ships: row.ships,
    remainder_to: row.remainder_to,
    currency: row.currency,
    value_in: money(row.value_in_amount),
    value_out: money(row.value_out_amount),
    balance: money(row.balance_amount),
    balance_is: balanceIs(row),
    refund_id: row.order_refund_id,
    payment_id: row.payment_id,
    warranty_claims: claims,
    version: row.version,
    approved_at: row.approved_at,
    settled_at: row.settled_at,
    closed_at: row.closed_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

/** What the balance means for the customer. */
function balanceIs({ balance_amount, remainder_to }: ExchangeRow): Exchange['balance_is'] {
  if (balance_amount === 0) return 'even'
  if (balance_amount > 0) return 'to_pay'
  return remainder_to === 'store_credit' ? 'to_credit' : 'to_refund'
}

type Told = Parameters<typeof exchangeEvents.created>[0]

/** States what happened to an exchange, as it is now. */
export function tellExchange(ctx: Context, row: ExchangeRow, event: AnyEventType): void {
  const { id, number, requested_by: _, ...rest } = row
  const told: Told = {
    exchange_id: id,
    exchange_number: printNumber(number),
    order_id: rest.order_id,
    customer_id: rest.customer_id,
    return_id: rest.return_id,
    out_order_id: rest.out_order_id,
    status: rest.status,
    currency: rest.currency,
    value_in_amount: rest.value_in_amount,
    value_out_amount: rest.value_out_amount,
    balance_amount: rest.balance_amount,
  }
  emit(ctx, event(told as never))
}

const update = prepared(db, (open, p: ExchangeRow & { was: number }) =>
  open
    .updateTable('exchanges')
    .set({
      status: p.status,
      out_order_id: p.out_order_id,
      order_refund_id: p.order_refund_id,
      payment_id: p.payment_id,
      remainder_to: p.remainder_to,
      value_in_amount: p.value_in_amount,
      value_out_amount: p.value_out_amount,
      balance_amount: p.balance_amount,
      status_reason: p.status_reason,
      version: p.version,
      approved_at: p.approved_at,
      settled_at: p.settled_at,
      closed_at: p.closed_at,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.was),
)

/** Stores what has changed of an exchange; undefined if somebody was faster. */
export async function storeExchange(
  ctx: Context,
  row: ExchangeRow,
  change: Partial<ExchangeRow>,
): Promise<ExchangeRow | undefined> {
  const next = { ...row, ...change, version: row.version + 1, updated_at: ctx.now }
  next.balance_amount = next.value_out_amount - next.value_in_amount
  const { affected } = await update.run(ctx, { ...next, was: row.version })
  return affected === 1 ? next : undefined
}
