import { type RawBuilder, sql } from 'kysely'
import type { Engine } from '#platform/database/database'

// The order in which events were committed, without a gap that could still be filled. Ids cannot
// say it: they are made when a transaction begins, and one that takes long commits behind others.
//
// SQLite has one writer, so the row's own number is that order. On PostgreSQL `written_in` is the
// number of the transaction, and a reader stops before the oldest one that still runs anywhere in
// the cluster: whatever is below it is committed or will never be.

const FIRST = '00000000-0000-0000-0000-000000000000'
const HORIZON = sql`(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)`

type Value = RawBuilder<unknown>

/** Whether event `e` was committed behind the event `after` (all were, behind null). */
export const committedAfter = (engine: Engine, after: Value): RawBuilder<boolean> =>
  engine === 'postgres'
    ? sql`e.written_in < ${HORIZON} and (e.written_in, e.id) > (
        coalesce((select c.written_in from events as c where c.id = ${after}), -1),
        coalesce(${after}, ${sql.lit(FIRST)}::uuid))`
    : sql`e.rowid > coalesce((select c.rowid from events as c where c.id = ${after}), 0)`

/** Sorts events `e` as they were committed. */
export const inCommitOrder = (engine: Engine, direction: 'asc' | 'desc'): RawBuilder<unknown> =>
  engine === 'postgres'
    ? sql`e.written_in ${sql.raw(direction)}, e.id ${sql.raw(direction)}`
    : sql`e.rowid ${sql.raw(direction)}`

/** What `inCommitOrder` sorts by beside the id: a subquery that is to be sorted so has it too. */
export const placeInCommitOrder = (engine: Engine): RawBuilder<unknown> =>
  engine === 'postgres' ? sql`e.written_in` : sql`e.rowid as rowid`

/** Whether nothing that still runs could be committed before event `e`. */
export const isSettled = (engine: Engine): RawBuilder<boolean> =>
  engine === 'postgres' ? sql`e.written_in < ${HORIZON}` : sql`true`

/**
 * Rows whose transaction number lies in the future: they were copied from another cluster, whose
 * numbers mean nothing here. None on SQLite.
 */
export const isFromElsewhere = (engine: Engine): RawBuilder<boolean> =>
  engine === 'postgres'
    ? sql`e.written_in >= (pg_snapshot_xmax(pg_current_snapshot())::text::bigint)`
    : sql`false`
