import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { passOverLocked } from '#platform/database/pass-over'
import { prepared, rawQuery } from '#platform/database/prepared'
import { rowset } from '#platform/database/rowset'
import { db } from '#platform/events'

/** An event that a relay holds until its lease ends. */
export type ClaimedEvent = {
  id: string
  name: string
  schema_version: number
  entity_type: string
  entity_id: string
  sequence: number
  payload: Record<string, unknown>
  request_id: string
  /** This try included. */
  attempts: number
}

const CLAIMED = sql`id, name, schema_version, entity_type, entity_id, sequence, payload, request_id, attempts`

// Said with these very words, because a partial index is used only for its own condition.
const undelivered = (table: string) =>
  sql`${sql.ref(`${table}.status`)} in ('pending', 'processing')`

/**
 * Takes the first undelivered event of each entity that is due. An entity whose first one is held
 * by
 * another relay, or waits for its next try, is not there: this keeps the order, without any lock.
 */
const claimFirst = prepared(db, (open, p: { now: string; lease: string; limit: number }, engine) =>
  rawQuery<ClaimedEvent>(
    open,
    sql`with due as materialized (
      select e.id from events as e
      where ${undelivered('e')} and e.available_at <= ${p.now} and not exists (
        select 1 from events as before
        where before.entity_id = e.entity_id and before.sequence < e.sequence and ${undelivered('before')})
      order by e.available_at, e.id limit ${p.limit} ${passOverLocked(engine, 'e')})
    update events set status = 'processing', attempts = attempts + 1, available_at = ${p.lease}
    where id in (select id from due) returning ${CLAIMED}`,
  ),
)

type Follower = { id: string; entity_id: string; status: string; available_at: string }
type Entity = { entity_id: string; sequence: number }

const findFollowers = prepared(
  db,
  (open, p: { entities: readonly Entity[]; limit: number }, engine) =>
    rawQuery<Follower>(
      open,
      sql`select e.id, e.entity_id, e.status, e.available_at
        from ${rowset<Entity>(engine, p.entities, { entity_id: 'text', sequence: 'bigint' })} as held
        join events as e on e.entity_id = held.entity_id and e.sequence > held.sequence
        where ${undelivered('e')}
        order by e.entity_id, e.sequence limit ${p.limit}`,
    ),
)

type Ids = readonly { id: string }[]

const claimFollowers = prepared(db, (open, p: { ids: Ids; lease: string }, engine) =>
  rawQuery<ClaimedEvent>(
    open,
    sql`update events set status = 'processing', attempts = attempts + 1, available_at = ${p.lease}
      where id in (select id from ${rowset<Ids[number]>(engine, p.ids, { id: 'uuid' })} as r)
        and status = 'pending' returning ${CLAIMED}`,
  ),
)

/**
 * Claims due events until `lease`, as one chain for each entity, in order. Whoever holds an
 * entity's first event holds the entity, so its next ones come along without a race.
 */
export async function claimChains(
  ctx: Context,
  { lease, limit }: { lease: string; limit: number },
): Promise<ClaimedEvent[][]> {
  const first = await claimFirst(ctx, { now: ctx.now, lease, limit })
  if (first.length === 0) return []
  const entities = first.map(({ entity_id, sequence }) => ({ entity_id, sequence }))
  const followers = await findFollowers(ctx, { entities, limit })
  const stopped = new Set<string>()
  const ids = followers.flatMap(({ id, entity_id, status, available_at }) => {
    if (status !== 'pending' || available_at > ctx.now) stopped.add(entity_id)
    return stopped.has(entity_id) ? [] : [{ id }]
  })
  const next = ids.length > 0 ? await claimFollowers(ctx, { ids, lease }) : []
  const inOrder = [...first, ...next].toSorted((a, b) => a.sequence - b.sequence)
  return [...Map.groupBy(inOrder, ({ entity_id }) => entity_id).values()]
}

/** Every reaction has done its work. */
export const markDelivered = prepared(db, (open, p: { ids: Ids; now: string }, engine) =>
  rawQuery(
    open,
    sql`update events set status = 'delivered', delivered_at = ${p.now}, error = null
      where id in (select id from ${rowset<Ids[number]>(engine, p.ids, { id: 'uuid' })} as r)
        and status = 'processing'`,
  ),
)

/** Gives back what was claimed and not begun, as if it had never been claimed. */
export const release = prepared(db, (open, p: { ids: Ids; lease: string; now: string }, engine) =>
  rawQuery(
    open,
    sql`update events set status = 'pending', attempts = attempts - 1, available_at = ${p.now}
      where id in (select id from ${rowset<Ids[number]>(engine, p.ids, { id: 'uuid' })} as r)
        and status = 'processing' and available_at = ${p.lease}`,
  ),
)

/** A failed try: pending again or given up. Does nothing if the lease is no longer ours. */
export const markFailed = prepared(
  db,
  (
    open,
    p: { id: string; lease: string; status: 'pending' | 'failed'; at: string; error: string },
  ) =>
    open
      .updateTable('events')
      .set({ status: p.status, available_at: p.at, error: p.error })
      .where('id', '=', p.id as never)
      .where('status', '=', 'processing')
      .where('available_at', '=', p.lease),
)

/** Those behind a failed one wait as long as it does, so that no claim has to look at them. */
export const holdBack = prepared(db, (open, p: { entity_id: string; until: string }) =>
  open
    .updateTable('events')
    .set({ available_at: p.until })
    .where('entity_id', '=', p.entity_id)
    .where('status', '=', 'pending')
    .where('available_at', '<', p.until),
)

/** Says that a reaction is done, beside its effect; 0 rows if it was done already. */
export const insertReaction = prepared(
  db,
  (open, p: { event_id: string; reaction: string; done_at: string }) =>
    open
      .insertInto('event_reactions')
      .values({ event_id: p.event_id as never, reaction: p.reaction, done_at: p.done_at })
      .onConflict((conflict) => conflict.columns(['event_id', 'reaction']).doNothing()),
)

/** How much waits, how old it is, and how much is dead; counted up to `limit`. */
export const outboxBacklog = prepared(db, (open, p: { limit: number }) =>
  rawQuery<{ waiting: number; failed: number; oldest_at: string | null }>(
    open,
    sql`select
      (select count(*) from (select 1 from events as e where ${undelivered('e')} limit ${p.limit}) as w) as waiting,
      (select count(*) from (select 1 from events where status <> 'delivered' and status = 'failed' limit ${p.limit}) as f) as failed,
      (select min(occurred_at) from (select e.occurred_at from events as e where ${undelivered('e')}
        order by e.available_at, e.id limit 100) as o) as oldest_at`,
  ),
)
