import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { instantIn } from '#platform/back-off'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { prepared, rawQuery } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { pauseWebhook } from '../commands/pause-webhook.ts'
import { pauseAfter } from '../retry.ts'
import type { Received } from '../sender.ts'
import { type AttemptRow, type DeliveryRow, db, type WebhookRow } from '../tables.ts'
import type { Claimed } from './claim.ts'

/** A try that is over. */
export type Try = {
  delivery: Claimed
  webhook: WebhookRow
  headers: Record<string, string>
  received: Received
  started_at: string
  duration_ms: number
}

/** Fewer failures than this pause nobody, however long it was since the last success. */
const FAILURES_MIN = 5
const HOUR_MS = 60 * 60_000
const ERROR_MAX = 300

type End = Pick<
  DeliveryRow,
  'id' | 'attempts' | 'status' | 'next_at' | 'finished_at' | 'response_status' | 'error'
> & { tries: number }

// The number of the try is the proof that nobody has taken it up meanwhile.
const endTries = updateEach<End, unknown>(
  db as never,
  {
    id: 'uuid',
    attempts: 'bigint',
    tries: 'bigint',
    status: 'text',
    next_at: 'timestamptz',
    finished_at: 'timestamptz',
    response_status: 'bigint',
    error: 'text',
  },
  {
    table: 'webhook_deliveries',
    key: ['id'],
    set: ({ status, next_at, finished_at, response_status, error, tries }) => ({
      status,
      next_at,
      finished_at,
      response_status,
      error,
      attempts: tries,
    }),
    where: ({ attempts }) =>
      sql`webhook_deliveries.status = 'sending' and webhook_deliveries.attempts = ${attempts}`,
  },
)

const insertAttempts = insertRows(db, 'webhook_attempts')

type Held = { webhook_id: Id<'webhook'>; entity_id: string; until: string }
const holdBack = prepared(db, (open, p: Held) =>
  open
    .updateTable('webhook_deliveries')
    .set({ next_at: p.until })
    .where('webhook_id', '=', p.webhook_id)
    .where('entity_id', '=', p.entity_id)
    .where('status', '=', 'pending')
    .where('next_at', '<', p.until),
)

const noteSuccess = prepared(
  db,
  (open, p: { webhook_id: Id<'webhook'>; now: string; before: string }) =>
    rawQuery(
      open,
      sql`update webhook_progress set failures = 0, failing_since = null, succeeded_at = ${p.now}
        where webhook_id = ${p.webhook_id}
          and (failures > 0 or succeeded_at is null or succeeded_at < ${p.before})`,
    ),
)

const noteFailures = prepared(
  db,
  (open, p: { webhook_id: Id<'webhook'>; now: string; failures: number }) =>
    rawQuery<{ failures: number; failing_since: string }>(
      open,
      sql`update webhook_progress set failures = failures + ${p.failures},
          failing_since = coalesce(failing_since, ${p.now})
        where webhook_id = ${p.webhook_id} returning failures, failing_since`,
    ),
)

/** Writes down what became of tries of one endpoint, together. */
export async function record(ctx: Context, tries: readonly Try[]): Promise<void> {
  const ends = tries.map((one) => endOf(ctx, one))
  await endTries.run(ctx, { rows: ends })
  const known = tries.filter(({ received }) => received.ok || !received.aborted)
  if (known.length === 0) return
  await insertAttempts(ctx, { rows: known.map((one) => attemptOf(ctx, one)) })
  for (const [nth, { webhook, delivery }] of tries.entries()) {
    const { status, next_at: until } = ends[nth] as End
    if (status !== 'pending' || until <= ctx.now) continue
    const { entity_id } = delivery
    await holdBack.run(ctx, { webhook_id: webhook.id, entity_id, until })
  }
  await noteProgress(ctx, known)
}

const isWell = ({ received }: Try): boolean =>
  received.ok && received.status >= 200 && received.status < 300

/** What the receiver said, as far as it is no success. */
function problemOf({ received }: Try): string {
  if (!received.ok) return received.error.slice(0, ERROR_MAX)
  return received.status >= 300 && received.status < 400
    ? `It answered ${received.status}; redirects are not followed.`
    : `It answered ${received.status}.`
}

function endOf(ctx: Context, one: Try): End {
  const { id, attempts } = one.delivery
  const { received } = one
  const base = {
    id,
    attempts,
    tries: attempts,
    response_status: received.ok ? received.status : null,
  }
  if (isWell(one)) {
    return { ...base, status: 'delivered', next_at: ctx.now, finished_at: ctx.now, error: null }
  }
  const error = problemOf(one)
  if (!received.ok && received.aborted) {
    const tries = attempts - 1
    return { ...base, tries, status: 'pending', next_at: ctx.now, finished_at: null, error }
  }
  const retry_after = received.ok ? received.headers['retry-after'] : undefined
  const pause = pauseAfter(attempts, retry_after)
  if (pause === undefined) {
    return { ...base, status: 'failed', next_at: ctx.now, finished_at: ctx.now, error }
  }
  const next_at = instantIn(() => new Date(ctx.now), pause)
  return { ...base, status: 'pending', next_at, finished_at: null, error }
}

const attemptOf = (ctx: Context, one: Try): AttemptRow => ({
  id: ctx.newId('webhook_attempt'),
  delivery_id: one.delivery.id,
  attempt: one.delivery.attempts,
  url: one.webhook.url,
  request_headers: one.headers,
  response_status: one.received.ok ? one.received.status : null,
  response_headers: one.received.ok ? one.received.headers : null,
  response_body: one.received.ok ? one.received.body : null,
  error: one.received.ok ? null : one.received.error.slice(0, ERROR_MAX),
  started_at: one.started_at,
  duration_ms: one.duration_ms,
})

/** Counts success and failure of an endpoint, and pauses one that is gone or dead. */
async function noteProgress(ctx: Context, tries: readonly Try[]): Promise<void> {
  const webhook_id = (tries[0] as Try).webhook.id
  const isGone = tries.some(({ received }) => received.ok && received.status === 410)
  if (isGone) return pauseWebhook(ctx, webhook_id, 'gone')
  if (tries.some(isWell)) {
    const before = instantIn(() => new Date(ctx.now), -60_000)
    await noteSuccess.run(ctx, { webhook_id, now: ctx.now, before })
    return
  }
  const noted = await noteFailures.first(ctx, { webhook_id, now: ctx.now, failures: tries.length })
  if (!noted || noted.failures < FAILURES_MIN) return
  const failing_ms = Date.parse(ctx.now) - Date.parse(noted.failing_since)
  if (failing_ms < ctx.settings.webhook_pause_after_hours * HOUR_MS) return
  await pauseWebhook(ctx, webhook_id, 'failing')
}
