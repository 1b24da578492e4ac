import type { Page } from '#kit/pages'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { pageById } from '#platform/database/list-pages'
import { countEvents } from '#platform/event-log/read'
import { enqueue } from '#platform/jobs'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { findWebhook } from '../endpoints.ts'
import { webhookErrors } from '../errors.ts'
import type { GetReplay, ListReplays, Replay, StartReplay } from '../schemas.ts'
import { db, type ReplayRow } from '../tables.ts'
import { REPLAY_JOB } from '../words.ts'

const insertReplays = insertRows(db, 'webhook_replays')
const BEGINNING = '1970-01-01T00:00:00.000Z'

/**
 * Sends again what failed, or all events of a time, as a job. Throws `not_found`, `paused`,
 * `of_protocol`, `replay_running`.
 */
export async function startReplay(ctx: Context, input: StartReplay): Promise<Replay> {
  const { id: webhook_id, what: kind } = input
  if (kind === 'range' && input.from === undefined) throw invalidField('from', 'is required')
  const from_at = input.from === undefined ? BEGINNING : toInstant(input.from)
  const to_at = input.to === undefined ? ctx.now : toInstant(input.to)
  if (to_at <= from_at) throw invalidField('to', 'must be after `from`')
  await lockEntity(ctx, 'webhook', webhook_id)
  const { status, channel } = await findWebhook(ctx, webhook_id)
  if (status === 'paused') throw webhookErrors.paused({ id: webhook_id })
  if (kind === 'range' && channel !== 'webhook') throw webhookErrors.of_protocol({ id: webhook_id })
  await checkNoneRuns(ctx, webhook_id)
  const row: ReplayRow = {
    id: ctx.newId('webhook_replay'),
    webhook_id,
    kind,
    status: 'running',
    from_at,
    to_at,
    after_id: null,
    total:
      kind === 'failed'
        ? await countFailed(ctx, { webhook_id, from_at, to_at })
        : await countEvents(ctx, { from: from_at, to: to_at }),
    looked_at: 0,
    queued: 0,
    created_by: ctx.actor.id,
    created_at: ctx.now,
    finished_at: null,
  }
  await insertReplays(ctx, { rows: [row] })
  await enqueue(ctx, { name: REPLAY_JOB }, { payload: { replay_id: row.id } })
  return tellReplay(row)
}

async function checkNoneRuns(ctx: Context, webhook_id: ReplayRow['webhook_id']): Promise<void> {
  const running = await db(ctx)
    .selectFrom('webhook_replays')
    .select('id')
    .where('webhook_id', '=', webhook_id)
    .where('status', '=', 'running')
    .executeTakeFirst()
  if (running) throw webhookErrors.replay_running({ replay_id: running.id })
}

type Range = Pick<ReplayRow, 'webhook_id' | 'from_at' | 'to_at'>

/** Deliveries of an endpoint that failed within a time and were not sent again. */
export const failedWithin = (ctx: Context, { webhook_id, from_at, to_at }: Range) =>
  db(ctx)
    .selectFrom('webhook_deliveries')
    .where('webhook_id', '=', webhook_id)
    .where('status', '=', 'failed')
    .where('replayed_at', 'is', null)
    .where('created_at', '>=', from_at)
    .where('created_at', '<', to_at)

async function countFailed(ctx: Context, range: Range): Promise<number> {
  const { total } = await failedWithin(ctx, range)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

/** How a replay is getting on. Throws `replay_not_found`. */
export async function getReplay(ctx: Context, { id }: GetReplay): Promise<Replay> {
  const row = await db(ctx)
    .selectFrom('webhook_replays')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw webhookErrors.replay_not_found({ id })
  return tellReplay(row)
}

/** The replays of an endpoint, the newest first. Throws `not_found`. */
export async function listReplays(
  ctx: Context,
  { id, ...query }: ListReplays,
): Promise<Page<Replay>> {
  await findWebhook(ctx, id)
  const rows = db(ctx).selectFrom('webhook_replays').selectAll().where('webhook_id', '=', id)
  return pageById(ctx, query, {
    name: 'webhook_replays',
    rows,
    tell: (some) => some.map(tellReplay),
  })
}

const tellReplay = ({
  from_at,
  to_at,
  after_id: _,
  created_by: __,
  ...row
}: ReplayRow): Replay => ({
  ...row,
  from: from_at,
  to: to_at,
})
