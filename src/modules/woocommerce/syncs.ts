import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { enqueue } from '#platform/jobs'
import type { SyncKind } from './lifecycle.ts'
import { db, type SyncOptions, type SyncRow } from './tables.ts'

/** The job that does a sync. */
export const SYNC_JOB = 'woocommerce.sync'
/** How long a run may take before its process is taken for dead; longer than all its calls. */
export const LEASE_MS = 5 * 60_000
/** Changes that follow each other within this time are one sync, in milliseconds. */
const GATHER_MS = 1_000

/** ISO 8601: `ms` after the instant of this transaction. */
export const after = (ctx: Context, ms: number): string =>
  new Date(Date.parse(ctx.now) + ms).toISOString()

const insertWaiting = prepared(db, (open, p: SyncRow) =>
  open
    .insertInto('woo_syncs')
    .values({
      id: p.id,
      kind: p.kind,
      subject: p.subject,
      options: p.options,
      status: p.status,
      attempts: p.attempts,
      due_at: p.due_at,
      asked_at: p.asked_at,
      outcome: p.outcome,
      external_id: p.external_id,
      fields: p.fields,
      note: p.note,
      error: p.error,
      created_at: p.created_at,
      finished_at: p.finished_at,
    })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'subject']).where(sql<boolean>`status = 'waiting'`).doNothing(),
    ),
)

const findWaiting = prepared(db, (open, p: { kind: SyncKind; subject: string }) =>
  open
    .selectFrom('woo_syncs')
    .selectAll()
    .where('kind', '=', p.kind)
    .where('subject', '=', p.subject)
    .where(sql<boolean>`status = 'waiting'`),
)

/** The sync of a subject that waits; there is one at most. */
export const waitingOf = (ctx: Context, { kind, subject }: Pick<SyncRow, 'kind' | 'subject'>) =>
  findWaiting.first(ctx, { kind, subject })

/** Says how a sync is to be done. */
export async function setOptions(ctx: Context, id: SyncRow['id'], options: SyncOptions) {
  await db(ctx).updateTable('woo_syncs').set({ options }).where('id', '=', id).execute()
}

export type Asked = { kind: SyncKind; subject: string; options?: SyncOptions }

/**
 * Asks, in the caller's transaction, that something be brought into step soon. One that waits
 * already is as good: it reads what is true when it runs. Answers it, and whether it is new.
 */
export async function askForSync(
  ctx: Context,
  { kind, subject, options = {} }: Asked,
  wait_ms = GATHER_MS,
): Promise<{ sync: SyncRow; isNew: boolean }> {
  const sync = fresh(ctx, { kind, subject, options, due_at: after(ctx, wait_ms) })
  const { affected } = await insertWaiting.run(ctx, sync)
  if (affected === 1) {
    await enqueueSync(ctx, sync.id, sync.due_at)
    return { sync, isNew: true }
  }
  const waiting = await waitingOf(ctx, { kind, subject })
  // Taken up between the two statements: then it may have read already, and another one is due.
  if (!waiting) return askForSync(ctx, { kind, subject, options }, wait_ms)
  return { sync: waiting, isNew: false }
}

const fresh = (
  ctx: Context,
  row: Pick<SyncRow, 'kind' | 'subject' | 'options' | 'due_at'>,
): SyncRow => ({
  ...row,
  id: ctx.newId('woo_sync'),
  status: 'waiting',
  attempts: 0,
  asked_at: null,
  outcome: null,
  external_id: null,
  fields: [],
  note: null,
  error: null,
  created_at: ctx.now,
  finished_at: null,
})

/** Lets the job runner do a sync at `run_at`. */
export const enqueueSync = (ctx: Context, sync_id: string, run_at: string) =>
  enqueue(ctx, { name: SYNC_JOB }, { payload: { sync_id }, run_at })

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('woo_syncs')
    .selectAll()
    .where('id', '=', p.id as never),
)
export const findSync = (ctx: Context, id: string) => byId.first(ctx, { id })

const claim = prepared(db, (open, p: { id: string; now: string; lease: string }) =>
  open
    .updateTable('woo_syncs')
    .set((eb) => ({
      status: 'running' as const,
      due_at: p.lease,
      attempts: eb('attempts', '+', 1),
    }))
    .where('id', '=', p.id as never)
    .where((eb) =>
      eb.or([
        eb('status', '=', 'waiting'),
        eb.and([eb('status', '=', 'running'), eb('due_at', '<=', p.now)]),
      ]),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('woo_syncs as other')
            .select('other.id')
            .whereRef('other.kind', '=', 'woo_syncs.kind')
            .whereRef('other.subject', '=', 'woo_syncs.subject')
            .where(sql<boolean>`other.status = 'running'`)
            .where('other.due_at', '>', p.now)
            .whereRef('other.id', '!=', 'woo_syncs.id'),
        ),
      ),
    )
    .returningAll(),
)

/**
 * Takes a sync up for a while, if it is due to anybody: of one subject one at a time. Undefined if
 * another process has it, or another one of its subject.
 */
export async function claimSync(
  ctx: Context,
  { id, kind, subject }: Pick<SyncRow, 'id' | 'kind' | 'subject'>,
): Promise<SyncRow | undefined> {
  await lockEntity(ctx, 'woo_sync', `${kind} ${subject}`)
  return claim.first(ctx, { id, now: ctx.now, lease: after(ctx, LEASE_MS) })
}

type Change = Partial<SyncRow> & Pick<SyncRow, 'status' | 'due_at'>

/** Changes a sync that is still ours; answers whether it was. */
export async function settleSync(ctx: Context, sync: SyncRow, change: Change): Promise<boolean> {
  const { numUpdatedRows } = await db(ctx)
    .updateTable('woo_syncs')
    .set(change)
    .where('id', '=', sync.id)
    .where('status', '=', 'running')
    .where('due_at', '=', sync.due_at)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Holds a sync for another while: for work of many calls. Refuses if the lease was lost. */
export async function holdOn(ctx: Context, sync: SyncRow): Promise<SyncRow> {
  const due_at = after(ctx, LEASE_MS)
  if (!(await settleSync(ctx, sync, { status: 'running', due_at }))) throw takenOver()
  return { ...sync, due_at }
}

const takenOver = () => new Error('another process has taken this sync over')

/**
 * The row that stands before a call that must not happen twice: from now on nobody knows whether
 * it did, until that is looked up. Refuses if the lease was lost meanwhile.
 */
export async function markAsked(ctx: Context, sync: SyncRow): Promise<SyncRow> {
  const asked_at = sync.asked_at ?? ctx.now
  const due_at = after(ctx, LEASE_MS)
  if (!(await settleSync(ctx, sync, { status: 'running', due_at, asked_at }))) throw takenOver()
  return { ...sync, asked_at, due_at }
}

const firstAsked = prepared(db, (open, p: { kind: SyncKind; subject: string }) =>
  open
    .selectFrom('woo_syncs')
    .select((eb) => eb.fn.min('asked_at').as('asked_at'))
    .where('kind', '=', p.kind)
    .where('subject', '=', p.subject),
)

/** When a subject was first asked for at WooCommerce, by whichever sync; null if never. */
export async function askedBefore(
  ctx: Context,
  { kind, subject }: Pick<SyncRow, 'kind' | 'subject'>,
): Promise<string | null> {
  return (await firstAsked.first(ctx, { kind, subject }))?.asked_at ?? null
}
