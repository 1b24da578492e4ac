import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { instantIn } from '#platform/back-off'
import type { Context } from '#platform/context'
import { passOverLocked } from '#platform/database/pass-over'
import { prepared, rawQuery } from '#platform/database/prepared'
import { eventsByIds } from '#platform/event-log/read'
import { eventBody } from '../envelope.ts'
import { type DeliveryRow, db, type WebhookRow } from '../tables.ts'

/** How long a process may take over a try before it is taken for dead, in milliseconds. */
const LEASE_MS = 60_000

/** A delivery that this process holds, and its body. */
export type Claimed = Pick<
  DeliveryRow,
  'id' | 'message_id' | 'type' | 'entity_id' | 'sequence' | 'attempts'
> & { body: string }

const LIVE = sql`('pending', 'sending')`

const findDue = prepared(db, (open, p: { now: string }) =>
  rawQuery<{ id: Id<'webhook'> }>(
    open,
    sql`select w.id from webhooks as w where w.status = 'active' and exists (
      select 1 from webhook_deliveries as d
      where d.webhook_id = w.id and d.status in ${LIVE} and d.next_at <= ${p.now})`,
  ),
)

/** The endpoints for which something is due. */
export const dueWebhooks = async (ctx: Context): Promise<Id<'webhook'>[]> =>
  (await findDue(ctx, { now: ctx.now })).map(({ id }) => id)

const findActive = prepared(db, (open, p: { id: Id<'webhook'> }) =>
  open.selectFrom('webhooks').selectAll().where('id', '=', p.id).where('status', '=', 'active'),
)

type Claim = { webhook_id: Id<'webhook'>; now: string; lease: string; limit: number }

// Only the first of each entity that is not finished: that keeps the order, without any lock.
const claimFirst = prepared(db, (open, p: Claim, engine) =>
  rawQuery<Claimed & { body: string | null }>(
    open,
    sql`with due as materialized (
      select d.id from webhook_deliveries as d
      where d.webhook_id = ${p.webhook_id} and d.status in ${LIVE} and d.next_at <= ${p.now}
        and not exists (select 1 from webhook_deliveries as b
          where b.webhook_id = d.webhook_id and b.entity_id = d.entity_id and b.status in ${LIVE}
            and (b.sequence, b.id) < (d.sequence, d.id))
      order by d.next_at, d.id limit ${p.limit} ${passOverLocked(engine, 'd')})
    update webhook_deliveries set status = 'sending', attempts = attempts + 1, next_at = ${p.lease}
    where id in (select id from due)
    returning id, message_id, type, entity_id, sequence, attempts, body`,
  ),
)

// Those that wait behind one which waits need not be looked at sooner.
const holdBlocked = prepared(db, (open, p: { webhook_id: Id<'webhook'>; now: string }) =>
  rawQuery(
    open,
    sql`update webhook_deliveries set next_at = (
        select max(b.next_at) from webhook_deliveries as b
        where b.webhook_id = webhook_deliveries.webhook_id
          and b.entity_id = webhook_deliveries.entity_id and b.status in ${LIVE})
      where webhook_id = ${p.webhook_id} and status = 'pending' and next_at <= ${p.now}
        and exists (select 1 from webhook_deliveries as b
          where b.webhook_id = webhook_deliveries.webhook_id
            and b.entity_id = webhook_deliveries.entity_id and b.status = 'pending'
            and (b.sequence, b.id) < (webhook_deliveries.sequence, webhook_deliveries.id)
            and b.next_at > ${p.now})`,
  ),
)

/**
 * Takes up to `limit` due deliveries of an endpoint, as it is now; undefined if it is not active.
 */
export async function claim(
  ctx: Context,
  { webhook_id, limit }: { webhook_id: Id<'webhook'>; limit: number },
): Promise<{ webhook: WebhookRow; claimed: Claimed[] } | undefined> {
  const webhook = await findActive.first(ctx, { id: webhook_id })
  if (!webhook) return undefined
  const lease = instantIn(() => new Date(ctx.now), LEASE_MS)
  const rows = await claimFirst(ctx, { webhook_id, now: ctx.now, lease, limit })
  if (rows.length === 0) await holdBlocked.run(ctx, { webhook_id, now: ctx.now })
  return { webhook, claimed: await withBodies(ctx, rows) }
}

async function withBodies(
  ctx: Context,
  rows: readonly (Omit<Claimed, 'body'> & { body: string | null })[],
): Promise<Claimed[]> {
  const wanted = rows.filter(({ body }) => body === null).map(({ message_id }) => message_id)
  const events = wanted.length > 0 ? await eventsByIds(ctx, wanted) : []
  const byId = new Map(events.map((event) => [event.id as string, event]))
  return rows.map((row) => {
    const event = byId.get(row.message_id)
    return { ...row, body: row.body ?? (event ? eventBody(event, row) : '{}') }
  })
}
