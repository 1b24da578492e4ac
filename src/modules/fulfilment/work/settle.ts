import type { Context } from '#platform/context'
import { fulfilmentOrderLifecycle as lifecycle } from '../lifecycle.ts'
import { type FulfilmentOrder, unitsLeft } from './units.ts'

type Move = Parameters<typeof lifecycle.next>[1]

/** The fulfilment order after one move of its lifecycle; refuses one that is not open (409). */
export function moved(
  ctx: Context,
  one: FulfilmentOrder,
  { move, reason = null }: { move: Move; reason?: string | null },
): FulfilmentOrder {
  const status = lifecycle.next(one.status, move)
  const isOver = lifecycle.movesFrom(status).every((open) => open === 'reopen')
  return {
    ...one,
    status,
    status_reason: reason,
    started_at: status === 'in_progress' ? (one.started_at ?? ctx.now) : one.started_at,
    closed_at: isOver ? ctx.now : null,
  }
}

/**
 * Makes the move that the counts ask for: what has nothing left is closed if something left it,
 * else cancelled; what has left in part is in progress.
 */
export function settled(ctx: Context, one: FulfilmentOrder, reason: string): FulfilmentOrder {
  const left = one.lines.reduce((units, line) => units + unitsLeft(line), 0)
  const shipped = one.lines.reduce((units, line) => units + line.shipped_quantity, 0)
  const may = (move: Move) => lifecycle.movesFrom(one.status).includes(move)
  if (left > 0) {
    const begun = shipped > 0 || one.lines.some(({ picked_quantity }) => picked_quantity > 0)
    if (begun && one.status === 'scheduled') {
      return moved(ctx, moved(ctx, one, { move: 'open' }), { move: 'start' })
    }
    return begun && may('start') ? moved(ctx, one, { move: 'start' }) : one
  }
  if (shipped > 0) return may('close') ? moved(ctx, one, { move: 'close' }) : one
  return may('cancel') ? moved(ctx, one, { move: 'cancel', reason }) : one
}
