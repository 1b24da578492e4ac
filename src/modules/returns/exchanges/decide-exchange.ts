import { hold, lockOrder, moveOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { approve, cancel, reject } from '../commands/decide-return.ts'
import { returnErrors } from '../errors.ts'
import { findReturn, refuseShoppers } from '../find.ts'
import { placeGoods, priceGoods } from '../out-goods.ts'
import { exchangeEvents } from './events.ts'
import {
  answerExchange,
  type LockedExchange,
  linesOfExchanges,
  lockExchange,
  printNumber,
  storeExchange,
  tellExchange,
} from './find.ts'
import { exchangeLifecycle } from './lifecycle.ts'
import type { Exchange, MoveExchange } from './schemas.ts'
import type { ExchangeRow } from './tables.ts'

/** The hold of an order whose goods wait for others to come back. */
export const EXCHANGE_HOLD = 'exchange'

/**
 * Agrees to an exchange: the other goods become an order, and are reserved in this very transaction
 * (I-44), or nothing is agreed. It ships at once, or is on hold until the goods are back, as was
 * said. Throws `insufficient_stock`.
 */
export async function approveExchange(
  ctx: Context,
  { id, reason = null }: MoveExchange,
): Promise<Exchange> {
  refuseShoppers(ctx, 'approve an exchange')
  const locked = await lockExchange(ctx, id)
  const { order, row } = locked
  requireVersion(ctx, row.version)
  const status = exchangeLifecycle.next(row.status, 'approve')
  await approve(ctx, await findReturn(ctx, row.return_id), reason)
  const lines = await linesOfExchanges(ctx, { ids: [row.id] })
  const goods = await priceGoods(ctx, order, { lines })
  const notes = `Exchange ${printNumber(row.number)}`
  const placed = await placeGoods(ctx, order, { goods, notes })
  if (row.ships === 'after_return') {
    await hold(ctx, placed, { code: EXCHANGE_HOLD, note: 'The goods are not back yet.' })
  } else if (placed.status === 'pending') {
    // Accepted before it is paid: what comes back will pay for it.
    await moveOrder(ctx, placed, 'confirm', { reason: notes })
  }
  const after = await stored(ctx, row, {
    status,
    status_reason: reason,
    out_order_id: placed.id,
    value_out_amount: placed.total_amount,
    approved_at: ctx.now,
  })
  tellExchange(ctx, after, exchangeEvents.approved)
  return answerExchange(ctx, after)
}

/** Refuses an exchange; its units may be asked for again. */
export async function rejectExchange(ctx: Context, input: MoveExchange): Promise<Exchange> {
  refuseShoppers(ctx, 'reject an exchange')
  const { order, row } = await lockExchange(ctx, input.id)
  requireVersion(ctx, row.version)
  const status = exchangeLifecycle.next(row.status, 'reject')
  const reason = input.reason ?? null
  await reject(ctx, { order, row: await findReturn(ctx, row.return_id) }, reason)
  const after = await stored(ctx, row, { status, status_reason: reason, closed_at: ctx.now })
  tellExchange(ctx, after, exchangeEvents.rejected)
  return answerExchange(ctx, after)
}

/**
 * Withdraws an exchange before goods came or left: the return and the order of the other goods are
 * cancelled, so that all is as it was. A customer may do so until it is agreed.
 */
export async function cancelExchange(ctx: Context, input: MoveExchange): Promise<Exchange> {
  const locked = await lockExchange(ctx, input.id)
  const { order, row } = locked
  requireVersion(ctx, row.version)
  const status = exchangeLifecycle.next(row.status, 'cancel')
  if (row.status !== 'requested') refuseShoppers(ctx, 'cancel an exchange that is agreed')
  const reason = input.reason ?? null
  await cancel(ctx, { order, row: await findReturn(ctx, row.return_id) }, reason)
  await cancelGoods(ctx, locked)
  const after = await stored(ctx, row, { status, status_reason: reason, closed_at: ctx.now })
  tellExchange(ctx, after, exchangeEvents.cancelled)
  return answerExchange(ctx, after)
}

async function cancelGoods(ctx: Context, { row }: LockedExchange): Promise<void> {
  if (row.out_order_id === null) return
  // The order of the goods that go out is younger: of two orders the older is locked first.
  const goods = await lockOrder(ctx, row.out_order_id)
  if (goods.status === 'cancelled') return
  if (goods.fulfillment_status !== 'unfulfilled') {
    throw returnErrors.exchange_shipped({ number: printNumber(row.number) })
  }
  await moveOrder(ctx, goods, 'cancel', { reason: `exchange ${printNumber(row.number)}` })
}

/** Under the lock nobody can have been faster. */
export async function stored(
  ctx: Context,
  row: ExchangeRow,
  change: Partial<ExchangeRow>,
): Promise<ExchangeRow> {
  const after = await storeExchange(ctx, row, change)
  if (!after) throw new Error(`exchange ${row.id} changed without its order's lock`)
  return after
}
