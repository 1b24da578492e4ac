import { Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { lastEvent } from '#platform/event-log/read'
import { defineTables } from '#platform/tables'

export const db = defineTables({
  /** How far each reader of the whole log has come, and which process reads for it. */
  event_cursors: Type.Object({
    name: Type.String(),
    /** The last event that is done; null: none yet. */
    after_event_id: Nullable(IdSchema('event')),
    owner: Nullable(Type.String()),
    lease_until: Instant,
  }),
})

type Lease = { name: string; owner: string; lease_until: string }

const takeLease = prepared(db, (open, p: Lease & { now: string }) =>
  open
    .updateTable('event_cursors')
    .set({ owner: p.owner, lease_until: p.lease_until })
    .where('name', '=', p.name)
    .where((eb) => eb.or([eb('owner', '=', p.owner), eb('lease_until', '<', p.now)]))
    .returning('after_event_id'),
)

const moveOn = prepared(db, (open, p: { name: string; owner: string; to: Id<'event'> }) =>
  open
    .updateTable('event_cursors')
    .set({ after_event_id: p.to })
    .where('name', '=', p.name)
    .where('owner', '=', p.owner),
)

const giveUp = prepared(db, (open, p: { name: string; owner: string; now: string }) =>
  open
    .updateTable('event_cursors')
    .set({ owner: null, lease_until: p.now })
    .where('name', '=', p.name)
    .where('owner', '=', p.owner),
)

const findCursor = prepared(db, (open, p: { name: string }) =>
  open.selectFrom('event_cursors').selectAll().where('name', '=', p.name),
)

/**
 * Becomes, or stays, the one process that reads for `name`; undefined while another one does. A
 * reader that is new begins behind the last event there is.
 */
export async function holdCursor(
  ctx: Context,
  lease: Lease,
): Promise<{ after: Id<'event'> | null } | undefined> {
  if (!(await findCursor.first(ctx, { name: lease.name }))) {
    const row = { ...lease, after_event_id: await lastEvent(ctx) }
    await db(ctx)
      .insertInto('event_cursors')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
  }
  const held = await takeLease.first(ctx, { ...lease, now: ctx.now })
  return held && { after: held.after_event_id }
}

/** Notes that everything up to `to` is done; false if another process took over. */
export const moveCursor = async (
  ctx: Context,
  move: { name: string; owner: string; to: Id<'event'> },
): Promise<boolean> => (await moveOn.run(ctx, move)).affected > 0

/** Lets another process read at once. */
export const letCursorGo = async (
  ctx: Context,
  { name, owner }: { name: string; owner: string },
): Promise<void> => void (await giveUp.run(ctx, { name, owner, now: ctx.now }))

/** How far the reader has come; undefined if it never began. */
export const readCursor = (ctx: Context, name: string) => findCursor.first(ctx, { name })
