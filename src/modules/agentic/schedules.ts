import type { Id } from '#kit/ids'
import { giveBackSpending } from '#modules/agents'
import { cancelUnpaidOrder } from '#modules/orders'
import { paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { purgeCarts } from './carts/purge.ts'
import { agenticEvents } from './events.ts'
import { saveSession, sessionById } from './find.ts'
import { letGo } from './hold.ts'
import { agentSessionLifecycle, isEnded } from './lifecycle.ts'
import { purgeSessions } from './purge.ts'
import { db } from './tables.ts'

const BATCH = 100

const dueSessions = prepared(db, (open, p: { now: string }) =>
  open
    .selectFrom('agent_sessions')
    .select('id')
    .where('ended_at', 'is', null)
    .where('expires_at', '<=', p.now)
    .orderBy('expires_at')
    .limit(BATCH),
)

/** Ends every session whose time is over, each in its own transaction. Answers how many ended. */
export async function endDueSessions(ctx: ProcessContext): Promise<number> {
  let ended = 0
  for (;;) {
    const due = await ctx.read((tx) => dueSessions(tx, { now: tx.now }))
    let progress = 0
    for (const { id } of due) {
      try {
        progress += await ctx.transaction((tx) => endIfDue(tx, id), 'read committed')
      } catch (error) {
        // Tried again at the next round; the others must not wait for it.
        ctx.log.error({ err: error, session_id: id }, 'a session of an agent could not be ended')
      }
    }
    ended += progress
    if (due.length < BATCH || progress === 0) return ended
  }
}

/** How much longer a session waits while its provider has not said how a payment ends. */
const UNDECIDED_MS = 10 * 60_000

async function endIfDue(ctx: Context, id: Id<'agent_session'>): Promise<number> {
  await lockEntity(ctx, 'agent_session', id)
  const row = await sessionById.first(ctx, { id })
  if (!row || isEnded(row.status) || row.expires_at > ctx.now) return 0
  const { order_id, status } = row
  if (order_id) {
    await lockEntity(ctx, 'order', order_id)
    const payments = await paymentsOfOrder(ctx, { order_id })
    if (payments.some((one) => one.status === 'pending' || one.status === 'processing')) {
      const expires_at = new Date(Date.parse(ctx.now) + UNDECIDED_MS).toISOString()
      await saveSession(ctx, row, { change: { expires_at } })
      return 1
    }
  }
  emit(ctx, agenticEvents.expired({ session_id: id }))
  await saveSession(ctx, row, {
    change: {
      status: agentSessionLifecycle.next(status, 'expire'),
      order_id: null,
      held_until: null,
      ended_at: ctx.now,
      document: { authentication: null },
    },
  })
  if (order_id) {
    await cancelUnpaidOrder(ctx, order_id, 'not paid in time')
    await giveBackSpending(ctx, { session_id: id })
  } else await letGo(ctx, row)
  return 1
}

export const schedules: Schedule[] = [
  {
    name: 'agentic.end_due',
    every_ms: (settings) => settings.checkout_sweep_interval_ms,
    run: async (ctx) => void (await endDueSessions(ctx)),
  },
  {
    name: 'agentic.purge',
    every_ms: 3_600_000,
    run: async (ctx) => {
      await ctx.transaction(purgeCarts, 'read committed')
      await ctx.transaction(purgeSessions, 'read committed')
    },
  },
]
