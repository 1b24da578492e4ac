import { sql } from 'kysely'
import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { Job, Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { askToOpen, closeHosted, lookAt } from './ask.ts'
import { CLOSE_HOSTED, PLACE_HOSTED } from './job-names.ts'
import { placeHosted } from './place.ts'
import { hostedById, inMs } from './rows.ts'
import { db, type HostedRow } from './tables.ts'

const BATCH = 50
/** How long one that is looked at belongs to its sweeper, and when it is looked at again. */
const LEASE_MS = 60_000
const AGAIN_MS = 10 * 60_000

// Written out, not bound: SQLite uses the partial index only where it sees the states.
const UNDECIDED = sql<HostedRow['status']>`('opening', 'open', 'closing', 'paid')`

const claimDue = prepared(db, (open, p: { now: string; lease: string }) =>
  open
    .updateTable('hosted_checkouts')
    .set({ check_at: p.lease })
    .where('status', 'in', UNDECIDED)
    .where('check_at', '<=', p.now)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('hosted_checkouts as due')
        .select('due.id')
        .where('due.status', 'in', UNDECIDED)
        .where('due.check_at', '<=', p.now)
        .orderBy('due.check_at')
        .limit(BATCH),
    )
    .returningAll(),
)
const postpone = prepared(db, (open, p: { id: HostedRow['id']; check_at: string }) =>
  open.updateTable('hosted_checkouts').set({ check_at: p.check_at }).where('id', '=', p.id),
)

/**
 * Finishes what a crash, a lost answer or a lost webhook has left: asks again to open, looks at
 * what is open, closes what is over, places what is paid. Answers how many it looked at.
 */
export async function sweepHosted(ctx: ProcessContext): Promise<number> {
  const claim = (tx: Context) => claimDue(tx, { now: tx.now, lease: inMs(tx.now, LEASE_MS) })
  const due = await ctx.transaction(claim, 'read committed')
  for (const row of due) {
    try {
      await goOn(ctx, row)
    } catch (error) {
      ctx.log.warn({ err: error, hosted_id: row.id }, 'a page at the provider could not be swept')
    }
  }
  return due.length
}

async function goOn(ctx: ProcessContext, row: HostedRow): Promise<void> {
  const { now } = await ctx.read(async ({ now }) => ({ now }))
  const isOver = row.expires_at <= now
  if (row.status === 'paid') return placeHosted(ctx, row.id)
  if (row.status === 'closing' || isOver) return closeHosted(ctx, row)
  if (row.status === 'opening') return askToOpen(ctx, row)
  await lookAt(ctx, row)
  const next = [inMs(now, AGAIN_MS), row.expires_at].sort()[0] as string
  await ctx.transaction((tx) => postpone.run(tx, { id: row.id, check_at: next }), 'read committed')
}

const payload = Type.Object({ hosted_id: IdSchema('hosted_checkout') })
const idIn = (work: Record<string, unknown>) => work.hosted_id as HostedRow['id']

/** Places the order of what was paid, right after the news of it are kept. */
const placePaid: Job = {
  name: PLACE_HOSTED,
  payload,
  run: (ctx, work) => placeHosted(ctx, idIn(work)),
}

/** Closes at the provider what something else took the place of. */
const closeReplaced: Job = {
  name: CLOSE_HOSTED,
  payload,
  async run(ctx, work) {
    const row = await ctx.read((tx) => hostedById.first(tx, { id: idIn(work) }))
    if (row?.status === 'closing') await closeHosted(ctx, row)
  },
}

export const hostedJobs: Job[] = [placePaid, closeReplaced]

export const hostedSweep: Schedule = {
  name: 'checkout.sweep_hosted',
  every_ms: (settings) => settings.checkout_sweep_interval_ms,
  run: async (ctx) => void (await sweepHosted(ctx)),
}
