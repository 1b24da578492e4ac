import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { db } from '../tables.ts'

/** A place that was counted, and up to which row of the ledger. */
export type Noted = {
  item_id: string
  location_id: string
  spot: string
  counted_sequence: number
  counted_at: string
}

const putLast = insertEach<Noted, unknown>(
  db as never,
  {
    item_id: 'uuid',
    location_id: 'uuid',
    spot: 'text',
    counted_sequence: 'bigint',
    counted_at: 'timestamptz',
  },
  {
    table: 'last_counts',
    values: (row) => row,
    onConflict: sql`on conflict (item_id, location_id, spot) do update set
      counted_sequence = excluded.counted_sequence, counted_at = excluded.counted_at
      where last_counts.counted_sequence <= excluded.counted_sequence`,
  },
)

/** Notes when places were counted; an earlier count than the last one is left out. */
export async function noteCounts(ctx: Context, rows: readonly Noted[]): Promise<void> {
  if (rows.length > 0) await putLast.run(ctx, { rows })
}
