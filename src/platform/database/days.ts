import { type RawBuilder, sql } from 'kysely'
import type { Engine } from '#platform/database/database'

/** The day of an instant in UTC, as `2026-11-21`, to group by. */
export const utcDay = (engine: Engine, instant: RawBuilder<unknown>): RawBuilder<string> =>
  engine === 'postgres'
    ? sql<string>`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD')`
    : sql<string>`substr(${instant}, 1, 10)`
