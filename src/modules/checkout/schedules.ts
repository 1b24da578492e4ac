import type { Id } from '#kit/ids'
import { paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { endSession, expireSession } from './end-session.ts'
import { undecidedOf } from './hosted/rows.ts'
import { later, saveSession, sessionById } from './sessions.ts'
import { db, type SessionRow } from './tables.ts'

const BATCH = 100

const dueSessions = prepared(db, (open, p: { now: string }) =>
  open
    .selectFrom('checkout_sessions')
    .select(['id', 'cart_id'])
    .where('status', '=', 'open')
    .where('expires_at', '<=', p.now)
    .orderBy('expires_at')
    .limit(BATCH),
)

/** Ends every checkout whose time is over, each in its own transaction. Answers how many ended. */
export async function endDueCheckouts(ctx: ProcessContext): Promise<number> {
  let ended = 0
  for (;;) {
    const due = await ctx.read((tx) => dueSessions(tx, { now: tx.now }))
    let progress = 0
    for (const one of due) {
      try {
        progress += await ctx.transaction((tx) => endIfDue(tx, one), 'read committed')
      } catch (error) {
        // Tried again at the next round; the others must not wait for it.
        ctx.log.error({ err: error, checkout_id: one.id }, 'a checkout could not be ended')
      }
    }
    ended += progress
    if (due.length < BATCH || progress === 0) return ended
  }
}

type Due = { id: Id<'checkout'>; cart_id: Id<'cart'> }

async function endIfDue(ctx: Context, { id, cart_id }: Due): Promise<number> {
  const [, session] = await Promise.all([
    lockEntity(ctx, 'cart', cart_id),
    sessionById.first(ctx, { id }),
  ])
  if (session?.status !== 'open' || session.expires_at > ctx.now) return 0
  const { order_id } = session
  // A page of it can be paid, or is: the sweep of pages decides.
  if (!order_id && (await undecidedOf.first(ctx, { checkout_id: id }))) {
    await putOff(ctx, session)
    return 1
  }
  if (order_id) {
    await lockEntity(ctx, 'order', order_id)
    if (await waits(ctx, session, order_id)) return 1
    // An order that may wait for ever keeps what it holds, though its checkout is over.
    if (ctx.settings.unpaid_order_minutes === 0) {
      await expireSession(ctx, session, 'time_over')
      return 1
    }
  }
  await endSession(ctx, session, 'time_over')
  return 1
}

/** How much longer an order waits while its provider has not said how a payment ends, minutes. */
const UNDECIDED_MINUTES = 10

/**
 * Money may be on its way: a call whose outcome nobody knows, a transfer that the provider works
 * on. Then the end is put off; a payer who was asked to prove themselves and is gone is not
 * awaited, because what still comes is given back.
 */
async function waits(ctx: Context, session: SessionRow, order_id: Id<'order'>): Promise<boolean> {
  const payments = await paymentsOfOrder(ctx, { order_id })
  if (!payments.some(({ status }) => status === 'pending' || status === 'processing')) return false
  await putOff(ctx, session)
  return true
}

async function putOff(ctx: Context, session: SessionRow): Promise<void> {
  const expires_at = later(ctx.now, UNDECIDED_MINUTES)
  await saveSession(ctx, session, { change: { expires_at } })
}

export const schedules: Schedule[] = [
  {
    name: 'checkout.end_due',
    every_ms: (settings) => settings.checkout_sweep_interval_ms,
    run: async (ctx) => void (await endDueCheckouts(ctx)),
  },
]
