import { sql } from 'kysely'
import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { Job, Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { isOpen } from './books.ts'
import { voidPayment } from './commands/void-payment.ts'
import { askedAgain, perform, resolve } from './perform.ts'
import { later, SEND_REQUEST } from './reversals.ts'
import { db, type RequestRow } from './tables.ts'
import { settleParked } from './webhook/inbox.ts'

/** How long a swept request belongs to its sweeper, in milliseconds. */
const LEASE_MS = 60_000
/** A payer who has not passed the challenge after this time has gone, in milliseconds. */
const CHALLENGE_MS = 30 * 60 * 1000
const BATCH = 50

export type Swept = { requests: number; webhooks: number; abandoned: number }

/**
 * One sweep: finds out what became of every request whose outcome is open and due, tries parked
 * webhooks again, and cancels payments whose payer never came back. What fails is tried in the
 * next.
 */
export async function sweepPayments(ctx: ProcessContext): Promise<Swept> {
  return {
    requests: await sweepRequests(ctx),
    webhooks: await settleParked(ctx),
    abandoned: await cancelAbandoned(ctx),
  }
}

export const paymentSweep: Schedule = {
  name: 'payments.sweep',
  every_ms: (settings) => settings.payment_sweep_interval_ms,
  run: async (ctx) => void (await sweepPayments(ctx)),
}

async function sweepRequests(ctx: ProcessContext): Promise<number> {
  let swept = 0
  for (;;) {
    const due = await ctx.transaction((tx) => claim(tx), 'read committed')
    for (const request of due) await finish(ctx, request)
    swept += due.length
    if (due.length < BATCH) return swept
  }
}

// Written out, not bound: SQLite uses the partial index of open requests only where it sees them.
const OPEN = sql<RequestRow['state']>`('requested', 'sent', 'unknown')`

const claimRequests = prepared(db, (open, p: { now: string; lease: string; batch: number }) =>
  open
    .updateTable('payment_requests')
    .set({ check_at: p.lease })
    .where('state', 'in', OPEN)
    .where('check_at', '<=', p.now)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('payment_requests as due')
        .select('due.id')
        .where('due.state', 'in', OPEN)
        .where('due.check_at', '<=', p.now)
        .orderBy('due.check_at')
        .limit(p.batch),
    )
    .returningAll(),
)

/** Takes due requests; the condition is repeated in the update, so two sweepers never take one. */
const claim = (ctx: Context): Promise<RequestRow[]> =>
  claimRequests(ctx, { now: ctx.now, lease: later(ctx, LEASE_MS), batch: BATCH })

async function finish(ctx: ProcessContext, request: RequestRow): Promise<void> {
  try {
    const asked = await ctx.read((tx) => askedAgain(tx, request))
    if (request.state === 'requested') await perform(ctx, asked)
    else await resolve(ctx, asked, { again: false })
  } catch (error) {
    ctx.log.error({ err: error, request_id: request.id }, 'a payment request could not be swept')
  }
}

const requestById = prepared(db, (open, p: { id: RequestRow['id'] }) =>
  open.selectFrom('payment_requests').selectAll().where('id', '=', p.id),
)

/** Sends a request that a transaction of ours has asked for, right after its commit. */
export const sendRequest: Job = {
  name: SEND_REQUEST,
  payload: Type.Object({ request_id: IdSchema('payment_request') }),
  async run(ctx, payload) {
    const request_id = payload.request_id as RequestRow['id']
    const request = await ctx.read((tx) => requestById.first(tx, { id: request_id }))
    if (!request || !isOpen(request)) return
    const asked = await ctx.read((tx) => askedAgain(tx, request))
    await resolve(ctx, asked, { again: true })
  },
}

const abandonedPayments = prepared(db, (open, p: { before: string; batch: number }) =>
  open
    .selectFrom('payments')
    .select('id')
    .where('status', '=', 'requires_action')
    .where('processed_at', 'is', null)
    .where('updated_at', '<', p.before)
    .limit(p.batch),
)

async function cancelAbandoned(ctx: ProcessContext): Promise<number> {
  const ids = await ctx.read((tx) =>
    abandonedPayments(tx, { before: later(tx, -CHALLENGE_MS), batch: BATCH }),
  )
  for (const { id } of ids) {
    try {
      const key = await ctx.read(async (tx) => tx.newId('payment_request'))
      await voidPayment({ ...ctx, key }, { id })
    } catch (error) {
      ctx.log.warn({ err: error, payment_id: id }, 'an abandoned payment could not be cancelled')
    }
  }
  return ids.length
}
