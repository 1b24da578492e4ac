import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { type Bound, prepared } from '#platform/database/prepared'
import { updateChanged } from '#platform/database/update-changed'
import { writeTogether } from '#platform/database/write-together'
import { insertRows } from '#platform/tables'
import { agenticErrors } from './errors.ts'
import { isEnded } from './lifecycle.ts'
import type { AgentSession } from './schemas.ts'
import { db, type SessionRow } from './tables.ts'

type SessionId = { id: Id<'agent_session'> }

export const sessionById = prepared(db, (open, p: SessionId) =>
  open.selectFrom('agent_sessions').selectAll().where('id', '=', p.id),
)
export const sessionVersion = prepared(db, (open, p: SessionId) =>
  open.selectFrom('agent_sessions').select('version').where('id', '=', p.id),
)
// Of what is only shown, nobody reads what an agent told.
const shownById = prepared(db, (open, p: SessionId) =>
  open
    .selectFrom('agent_sessions')
    .select(['agent', 'status', 'expires_at', 'document'])
    .where('id', '=', p.id),
)
export const sessionByOrder = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open.selectFrom('agent_sessions').selectAll().where('order_id', '=', p.order_id),
)

// Most that ask find a session that has just ended: then no document is read.
export const openSessionByOrder = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('agent_sessions')
    .selectAll()
    .where('order_id', '=', p.order_id)
    .where('ended_at', 'is', null),
)

/** What is answered of a stored session: the document as it was shown, with its state of now. */
export function shown(row: Shown, now: string): AgentSession {
  const status = statusOf(row, now)
  return status === row.status ? row.document : { ...row.document, status }
}

type Shown = Pick<SessionRow, 'status' | 'expires_at' | 'document'>

/** The state at an instant: one whose time is over has expired, swept up or not. */
export function statusOf({ status, expires_at }: Omit<Shown, 'document'>, now: string) {
  const waits = status === 'not_ready_for_payment' || status === 'ready_for_payment'
  return waits && expires_at <= now ? ('expired' as const) : status
}

/** What an agent is shown of its session. Throws `not_found`, also for another agent's. */
export async function readSession(ctx: Context, { id }: SessionId): Promise<AgentSession> {
  const row = await shownById.first(ctx, { id })
  if (row?.agent !== ctx.actor.id) throw agenticErrors.not_found({ session_id: id })
  return shown(row, ctx.now)
}

/** A session of the agent who asks. Throws `not_found`, also for another agent's. */
export async function findSession(ctx: Context, { id }: SessionId): Promise<SessionRow> {
  const row = await sessionById.first(ctx, { id })
  if (row?.agent !== ctx.actor.id) throw agenticErrors.not_found({ session_id: id })
  return row
}

/** The same, once nobody else holds it; the order of locks is session, order, payment, stock. */
export async function lockedSession(ctx: Context, ref: SessionId): Promise<SessionRow> {
  const [, row] = await Promise.all([
    lockEntity(ctx, 'agent_session', ref.id),
    findSession(ctx, ref),
  ])
  return row
}

/** Refuses a session that has ended. */
export function requireOpen(ctx: Context, row: SessionRow): void {
  const status = statusOf(row, ctx.now)
  if (isEnded(status)) throw agenticErrors.ended({ session_id: row.id, status })
}

export const insertSession = insertRows(db, 'agent_sessions')

const updateSession = updateChanged<SessionRow, unknown>(db as never, {
  table: 'agent_sessions',
  columns: [
    'status',
    'currency',
    'total_amount',
    'document',
    'told',
    'customer_id',
    'order_id',
    'held_until',
    'expires_at',
    'ended_at',
    'version',
    'updated_at',
  ],
})

type Change = Partial<Omit<SessionRow, 'document'>> & { document?: Partial<AgentSession> }
export type Written = Record<string, { rows: readonly unknown[]; affected: number }>

/**
 * Stores a change of a session, guarded by the version that was read, with `writes` and the events
 * so far in one round trip. The document follows the columns. Answers the row as stored, and what
 * each of `writes` answered.
 */
export async function saveSession(
  ctx: Context,
  before: SessionRow,
  { change, writes = {} }: { change: Change; writes?: Record<string, Bound<unknown>> },
): Promise<{ row: SessionRow; written: Written }> {
  const row = changed(ctx, before, change)
  const written: Written = await writeTogether(ctx, {
    ...writes,
    session: updateSession(ctx, before, row),
  })
  if (written.session?.affected !== 1) throw new TryAgain(`session ${row.id} changed meanwhile`)
  return { row, written }
}

function changed(ctx: Context, before: SessionRow, { document, ...columns }: Change): SessionRow {
  const next = { ...before, ...columns, version: before.version + 1, updated_at: ctx.now }
  const { status, version, updated_at, expires_at } = next
  const overlay = { status, version, updated_at, expires_at }
  // Once it is known whether the payer must be authenticated, nothing but the document needs it.
  const isKept = status === 'complete_in_progress' || next.told.browser === null
  const told = isKept ? next.told : { ...next.told, browser: null }
  return { ...next, told, document: { ...before.document, ...document, ...overlay } }
}
