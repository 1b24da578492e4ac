import { sql } from 'kysely'
import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntities } from '#platform/database/entity-lock'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { fulfilmentErrors } from '../errors.ts'
import { pickListEvents } from '../events.ts'
import { pickListLifecycle as lifecycle } from '../lifecycle.ts'
import { db } from '../tables.ts'
import { listNumberIn, type PickListRow, printListNumber } from './items.ts'

const listById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('pick_lists')
    .selectAll()
    .where('id', '=', p.id as Id<'pick_list'>),
)
const listByNumber = prepared(db, (open, p: { number: number }) =>
  open.selectFrom('pick_lists').selectAll().where('number', '=', p.number),
)

/** The items of these lists in the order of the walk. */
export const itemsOf = prepared(db, (open, p: { lists: readonly string[] }, engine) =>
  open
    .selectFrom('pick_items')
    .selectAll()
    .where('pick_list_id', 'in', listOf(engine, p.lists, 'uuid'))
    .orderBy('pick_list_id')
    .orderBy('position'),
)

/** The list that an id or a number (`PICK-1001`) names; throws `list_not_found`. */
export async function findList(ctx: Context, ref: string): Promise<PickListRow> {
  const number = listNumberIn(ref)
  const found = isUuid(ref)
    ? await listById.first(ctx, { id: ref })
    : number === undefined
      ? undefined
      : await listByNumber.first(ctx, { number })
  if (!found) throw fulfilmentErrors.list_not_found({ pick_list_id: ref })
  return found
}

/** The list, locked until the commit; the orders that it is for are locked before it. */
export async function lockList(ctx: Context, ref: string): Promise<PickListRow> {
  const { id } = await findList(ctx, ref)
  await lockEntities(ctx, 'pick_list', [id])
  return findList(ctx, id)
}

type Begun = { id: Id<'pick_list'>; number: number; started_at: string | null }
type Now = { lists: readonly string[]; now: string }

const finishDone = prepared(db, (open, p: Now, engine) =>
  rawQuery(
    open,
    sql<Begun>`update pick_lists
      set status = 'finished', finished_at = ${p.now}, updated_at = ${p.now}, version = version + 1
      where id in ${listOf(engine, p.lists, 'uuid')} and status in ('open', 'in_progress')
        and not exists (select 1 from pick_items as i where i.pick_list_id = pick_lists.id
          and i.picked_quantity + i.short_quantity + i.withdrawn_quantity < i.quantity)
      returning id, number, started_at`,
  ),
)

const startOpen = prepared(db, (open, p: Now, engine) =>
  rawQuery(
    open,
    sql<{ id: Id<'pick_list'>; number: number }>`update pick_lists
      set status = 'in_progress', started_at = ${p.now}, updated_at = ${p.now}, version = version + 1
      where id in ${listOf(engine, p.lists, 'uuid')} and status = 'open'
      returning id, number`,
  ),
)

/** Finishes those of these lists with nothing left to pick. Their locks are held. */
export async function finishIfDone(ctx: Context, lists: readonly Id<'pick_list'>[]): Promise<void> {
  if (lists.length === 0) return
  for (const { id, number, started_at } of await finishDone(ctx, { lists, now: ctx.now })) {
    tellMove(ctx, { id, number, from: started_at ? 'in_progress' : 'open', to: 'finished' })
  }
}

/** Marks a list as begun, the first time. */
export async function startIfOpen(ctx: Context, list: Id<'pick_list'>): Promise<void> {
  for (const { id, number } of await startOpen(ctx, { lists: [list], now: ctx.now })) {
    tellMove(ctx, { id, number, from: 'open', to: 'in_progress' })
  }
}

type Moved = {
  id: Id<'pick_list'>
  number: number
  from: PickListRow['status']
  to: PickListRow['status']
}

/** Tells a move of a list. */
export function tellMove(ctx: Context, { id, number, from, to }: Moved): void {
  const told = { pick_list_id: id, number: printListNumber(number) }
  emit(ctx, pickListEvents.status_changed({ ...told, old_status: from, new_status: to }))
}

/** Refuses a list with which nothing is picked any more. */
export function refuseOver({ status, number }: PickListRow): void {
  if (lifecycle.movesFrom(status).length > 0) return
  throw fulfilmentErrors.list_over({ number: printListNumber(number), state: status })
}
