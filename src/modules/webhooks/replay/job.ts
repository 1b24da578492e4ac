import { Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { instantIn } from '#platform/back-off'
import type { Context } from '#platform/context'
import { eventsWithin } from '#platform/event-log/read'
import { enqueue, type Job } from '#platform/jobs'
import { copyOf } from '../commands/deliveries.ts'
import { deliveryOf, insertDeliveries, isFull } from '../delivery-rows.ts'
import { findWebhook } from '../endpoints.ts'
import { eventMatcher } from '../matching.ts'
import { db, type ReplayRow } from '../tables.ts'
import { REPLAY_JOB } from '../words.ts'
import { failedWithin } from './replays.ts'

const BATCH = 500
/** Batches of one turn: the lease of a job is not for ever. */
const BATCHES_MAX = 20
/** While as much waits for the endpoint as may, the job comes back after so long. */
const FULL_PAUSE_MS = 5_000

type Turn = { replay_id: Id<'webhook_replay'> }
type Progress = 'done' | 'more' | 'full'

/** Queues the deliveries of a replay, a batch in a transaction. A crash repeats nothing. */
export const replayJob: Job<Turn> = {
  name: REPLAY_JOB,
  payload: Type.Object({ replay_id: IdSchema('webhook_replay') }),
  run: async (process, { replay_id }) => {
    const step = (ctx: Context) => replayBatch(ctx, replay_id)
    for (let nth = 0; nth < BATCHES_MAX; nth++) {
      const progress = await process.transaction(step, 'read committed')
      if (progress === 'done') return
      if (progress === 'full') return process.transaction((ctx) => comeBack(ctx, replay_id, true))
    }
    await process.transaction((ctx) => comeBack(ctx, replay_id, false))
  },
}

async function comeBack(
  ctx: Context,
  replay_id: Turn['replay_id'],
  isFull: boolean,
): Promise<void> {
  const run_at = instantIn(() => new Date(ctx.now), isFull ? FULL_PAUSE_MS : 0)
  await enqueue(ctx, { name: REPLAY_JOB }, { payload: { replay_id }, run_at })
}

async function replayBatch(ctx: Context, id: Turn['replay_id']): Promise<Progress> {
  // Writing first takes the row: two runs of one job do not queue the same.
  const replay = await db(ctx)
    .updateTable('webhook_replays')
    .set((eb) => ({ looked_at: eb.ref('looked_at') }))
    .where('id', '=', id)
    .where('status', '=', 'running')
    .returningAll()
    .executeTakeFirst()
  if (!replay) return 'done'
  if (await isFull(ctx, replay.webhook_id)) return 'full'
  const { read, seen, queued, last } =
    replay.kind === 'failed' ? await queueFailed(ctx, replay) : await queueRange(ctx, replay)
  const isDone = read < BATCH
  await db(ctx)
    .updateTable('webhook_replays')
    .set({ looked_at: replay.looked_at + seen, queued: replay.queued + queued })
    .set({ after_id: last ?? replay.after_id })
    .set(isDone ? { status: 'done', finished_at: ctx.now } : {})
    .where('id', '=', id)
    .execute()
  return isDone ? 'done' : 'more'
}

async function queueFailed(ctx: Context, replay: ReplayRow) {
  const failed = await failedWithin(ctx, replay)
    .selectAll()
    .where('id', '>', (replay.after_id ?? FIRST) as never)
    .orderBy('id')
    .limit(BATCH)
    .execute()
  const queued = await insertDeliveries(
    ctx,
    failed.map((row) => copyOf(ctx, row)),
  )
  if (failed.length > 0) {
    await db(ctx)
      .updateTable('webhook_deliveries')
      .set({ replayed_at: ctx.now })
      .where(
        'id',
        'in',
        failed.map((row) => row.id),
      )
      .execute()
  }
  return { read: failed.length, seen: failed.length, queued, last: failed.at(-1)?.id }
}

async function queueRange(ctx: Context, replay: ReplayRow) {
  const webhook = await findWebhook(ctx, replay.webhook_id)
  const wants = eventMatcher(webhook)
  const range = { from: replay.from_at, to: replay.to_at, after: replay.after_id, limit: BATCH }
  const events = await eventsWithin(ctx, range)
  const inTime = events.filter(({ occurred_at: at }) => at >= replay.from_at && at < replay.to_at)
  const wanted = inTime.filter(wants)
  const rows = wanted.map((event) => deliveryOf(ctx, webhook.id, { event, purpose: 'replay' }))
  return {
    read: events.length,
    seen: inTime.length,
    queued: await insertDeliveries(ctx, rows),
    last: events.at(-1)?.id,
  }
}

const FIRST = '00000000-0000-0000-0000-000000000000'
