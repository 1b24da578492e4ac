import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { passOverLocked } from '#platform/database/pass-over'
import { prepared, rawQuery } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { warrantyEvents } from '../events.ts'
import { addDays } from '../months.ts'
import { db, type WarrantyRow } from '../tables.ts'
import { begun } from './change-warranty.ts'
import { told } from './schemas.ts'

const BATCH = 200
/** How long before its end a holder is told. */
const TOLD_BEFORE_DAYS = 30

const due = (condition: (by: unknown) => ReturnType<typeof sql>) =>
  prepared(db, (open, p: { by: string }, engine) =>
    rawQuery<WarrantyRow>(
      open,
      sql`select * from warranties where ${condition(p.by)}
        limit ${sql.lit(BATCH)} ${passOverLocked(engine, 'warranties')}`,
    ),
  )

const toBegin = due(
  (by) => sql`status = 'pending' and activate_by is not null and activate_by <= ${by}
    order by activate_by`,
)
const toExpire = due((by) => sql`status = 'active' and end_at <= ${by} order by end_at`)
const toTell = due(
  (by) => sql`status = 'active' and expiring_told_at is null and end_at <= ${by} order by end_at`,
)

const COLUMNS = {
  id: 'uuid',
  status: 'text',
  start_at: 'timestamptz',
  end_at: 'timestamptz',
  activate_by: 'timestamptz',
  expiring_told_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const
type Changed = Pick<WarrantyRow, keyof typeof COLUMNS>

/** The rows are locked by the statement that found them. */
const write = updateEach<Changed, unknown>(db as never, COLUMNS, {
  table: 'warranties',
  key: ['id'],
  set: ({ id: _, ...row }) => ({ ...row, version: sql`warranties.version + 1` }),
  where: () => sql`true`,
})

type Step = {
  due: typeof toBegin
  by: (now: string) => string
  change: (ctx: Context, row: WarrantyRow) => Partial<WarrantyRow>
  event: typeof warrantyEvents.activated
}

/** In this order, so that what begins late and is over at once is told to be over too. */
const STEPS: readonly Step[] = [
  {
    due: toBegin,
    by: (now) => now,
    change: (_, row) => begun(row, row.activate_by as string),
    event: warrantyEvents.activated,
  },
  {
    due: toExpire,
    by: (now) => now,
    change: () => ({ status: 'expired' }),
    event: warrantyEvents.expired,
  },
  {
    due: toTell,
    by: (now) => addDays(now, TOLD_BEFORE_DAYS),
    change: (ctx) => ({ expiring_told_at: ctx.now }),
    event: warrantyEvents.expiring,
  },
]

/**
 * Begins what nobody has activated in time, ends what is over, and tells once what ends within 30
 * days; a batch in each transaction. Answers how many warranties changed.
 */
export async function followTime(ctx: ProcessContext): Promise<number> {
  let changed = 0
  for (const step of STEPS) {
    for (let more = true; more; ) {
      const some = await ctx.transaction((tx) => take(tx, step), 'read committed')
      changed += some
      more = some === BATCH
    }
  }
  return changed
}

async function take(ctx: Context, { due, by, change, event }: Step): Promise<number> {
  const found = await due(ctx, { by: by(ctx.now) })
  if (found.length === 0) return 0
  const rows = found.map((row) => ({ ...row, ...change(ctx, row), updated_at: ctx.now }))
  const names = Object.keys(COLUMNS) as (keyof Changed)[]
  const written = rows.map(
    (row) => Object.fromEntries(names.map((name) => [name, row[name]])) as Changed,
  )
  await write.run(ctx, { rows: written })
  for (const row of rows) emit(ctx, event(told(row)))
  return found.length
}

const HOUR_MS = 60 * 60 * 1000

export const warrantyTime: Schedule = {
  name: 'warranties.follow_time',
  every_ms: HOUR_MS,
  run: async (ctx) => {
    const changed = await followTime(ctx)
    if (changed > 0) ctx.log.info({ changed }, 'warranties began, ended or end soon')
  },
}
