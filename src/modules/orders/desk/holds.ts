import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { lockOrder, type OrderRow } from '../find.ts'
import { orderLifecycle } from '../lifecycle.ts'
import { moveOrder } from '../moves.ts'
import { withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'
import { deskErrors } from './errors.ts'
import { deskEvents } from './events.ts'
import type { HoldOrder, ReleaseOrder } from './schemas.ts'
import { db } from './tables.ts'

export type HoldRow = Static<(typeof db.tables)['order_holds']>

/** What a hold is called that nobody gave a reason for: one made by naming the state. */
export const MANUAL = 'manual'

/** The holds of an order that are open, oldest first. */
export const openHolds = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_holds')
    .selectAll()
    .where('order_id', '=', p.order_id)
    .where('released_at', 'is', null)
    .orderBy('id'),
)

/**
 * Stops an order for a reason. It may be stopped for several at once; the same one twice is one.
 * Throws a bad move (409) for an order that cannot be held.
 */
export async function holdOrder(ctx: Context, input: HoldOrder): Promise<Order> {
  const order = await lockOrder(ctx, input.id)
  requireVersion(ctx, order.version)
  return withLines(ctx, await hold(ctx, order, input))
}

/** The same for an order whose lock is held. */
export async function hold(
  ctx: Context,
  order: OrderRow,
  { code = MANUAL, note = null }: Omit<HoldOrder, 'id'>,
): Promise<OrderRow> {
  const open = await openHolds(ctx, { order_id: order.id })
  if (open.some((one) => one.code === code)) return order
  const held_from = open[0]?.held_from ?? (order.status as HoldRow['held_from'])
  // The note is for staff; the reason of a move is told to the buyer too.
  const held = order.status === 'on_hold' ? order : await moveOrder(ctx, order, 'hold')
  await keepHold(ctx, { order_id: order.id, code, note, held_from }, open.length + 1)
  return held
}

type NewHold = Pick<HoldRow, 'order_id' | 'code' | 'note' | 'held_from'>
const insertHolds = insertRows(db, 'order_holds')

async function keepHold(ctx: Context, said: NewHold, open_holds: number): Promise<void> {
  const id = ctx.newId('order_hold')
  const row = { ...said, id, held_by: ctx.actor.id, held_at: ctx.now }
  await insertHolds(ctx, { rows: [row] })
  const { order_id, code } = said
  emit(ctx, deskEvents.held({ order_id, hold_id: id, code, open_holds }))
}

/**
 * Takes one reason away, or all of them; after the last one the order is where it was, and what was
 * paid meanwhile is confirmed. A hold that is released already is left as it is. Throws
 * `hold_not_found`, and a bad move (409) for an order that is not on hold.
 */
export async function releaseOrder(ctx: Context, input: ReleaseOrder): Promise<Order> {
  const order = await lockOrder(ctx, input.id)
  requireVersion(ctx, order.version)
  return withLines(ctx, await release(ctx, order, input))
}

/** The same for an order whose lock is held. */
export async function release(
  ctx: Context,
  order: OrderRow,
  { hold_id, code, note = null }: Omit<ReleaseOrder, 'id'>,
): Promise<OrderRow> {
  const open = await openHolds(ctx, { order_id: order.id })
  const chosen = open.filter(
    (one) =>
      (hold_id === undefined || one.id === hold_id) && (code === undefined || one.code === code),
  )
  if (chosen.length === 0) {
    const named = hold_id ?? code
    if (named !== undefined) {
      await requireReleased(ctx, order, named)
      return order
    }
    orderLifecycle.next(order.status, 'release_to_confirmed')
  }
  const left = open.length - chosen.length
  await close(ctx, chosen, { note, left })
  const held_from = chosen[0]?.held_from
  if (left > 0 || held_from === undefined) return order
  return goOn(ctx, order, held_from)
}

/** Whether what was named is a hold of this order at all. */
async function requireReleased(ctx: Context, { id }: OrderRow, named: string): Promise<void> {
  const known = await db(ctx)
    .selectFrom('order_holds')
    .select('id')
    .where('order_id', '=', id)
    .where((eb) => eb.or([eb('code', '=', named), eb(sql`cast(id as text)`, '=', named)]))
    .limit(1)
    .executeTakeFirst()
  if (!known) throw deskErrors.hold_not_found({ hold: named })
}

type Closing = { ids: readonly string[]; now: string; by: string; note: string | null }

const closeHolds = prepared(db, (open, p: Closing, engine) =>
  open
    .updateTable('order_holds')
    .set({ released_at: p.now, released_by: p.by, release_note: p.note })
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' }))
    .where('released_at', 'is', null),
)

async function close(
  ctx: Context,
  holds: readonly HoldRow[],
  { note, left }: { note: string | null; left: number },
): Promise<void> {
  if (holds.length === 0) return
  const ids = holds.map(({ id }) => id)
  await closeHolds.run(ctx, { ids, now: ctx.now, by: ctx.actor.id, note })
  for (const [nth, { id, order_id, code }] of holds.entries()) {
    const open_holds = left + holds.length - nth - 1
    emit(ctx, deskEvents.released({ order_id, hold_id: id, code, open_holds }))
  }
}

const BACK = {
  pending: 'release_to_pending',
  confirmed: 'release_to_confirmed',
  processing: 'process',
  shipped: 'release_to_shipped',
} as const

async function goOn(
  ctx: Context,
  order: OrderRow,
  held_from: HoldRow['held_from'],
): Promise<OrderRow> {
  const back = await moveOrder(ctx, order, BACK[held_from])
  if (back.status !== 'pending' || back.payment_status !== 'paid') return back
  return moveOrder(ctx, back, 'confirm')
}

type Moved = { order_id: Id<'order'>; old_status: string; new_status: string }

/**
 * Holds follow the state however it was changed: an order that was put on hold without a reason
 * has one that says so, and one that went on otherwise (was begun, or cancelled) is held no more.
 */
export async function followMove(
  ctx: Context,
  { order_id, old_status, new_status, reason }: Moved & { reason: string | null },
): Promise<void> {
  if (new_status !== 'on_hold' && old_status !== 'on_hold') return
  const open = await openHolds(ctx, { order_id })
  if (new_status !== 'on_hold') return close(ctx, open, { note: reason, left: 0 })
  if (open.length > 0) return
  const held_from = old_status as HoldRow['held_from']
  await keepHold(ctx, { order_id, code: MANUAL, note: reason, held_from }, 1)
}
