import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntities } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { fulfilmentErrors } from '../errors.ts'
import { pickListEvents } from '../events.ts'
import { pickListLifecycle as lifecycle } from '../lifecycle.ts'
import { db } from '../tables.ts'
import { fulfilmentOrdersById } from '../work/rows.ts'
import { storePicked } from '../work/store.ts'
import { requirePicker } from './create-pick-list.ts'
import { itemsLeft, type PickItemRow, type PickListRow, printListNumber } from './items.ts'
import { findList, itemsOf, lockList, refuseOver, tellMove } from './lists.ts'
import type { AssignPickList, FinishPickList, GetPickList, PickList } from './schemas.ts'
import { listTold } from './wire.ts'

const setPicker = prepared(
  db,
  (open, p: { id: string; assigned_to: Id<'user'> | null; now: string }) =>
    open
      .updateTable('pick_lists')
      .set((eb) => ({
        assigned_to: p.assigned_to,
        updated_at: p.now,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', p.id as Id<'pick_list'>),
)

/** Gives a list to somebody, or to nobody. */
export async function assignPickList(
  ctx: Context,
  { id, assigned_to }: AssignPickList,
): Promise<PickList> {
  const list = await lockList(ctx, id)
  requireVersion(ctx, list.version)
  refuseOver(list)
  await requirePicker(ctx, assigned_to)
  if (list.assigned_to === assigned_to) return listTold(ctx, list)
  await setPicker.run(ctx, { id: list.id, assigned_to, now: ctx.now })
  const number = printListNumber(list.number)
  emit(ctx, pickListEvents.assigned({ pick_list_id: list.id, number, assigned_to }))
  return listTold(ctx, await findList(ctx, list.id))
}

/** Ends a list on which nothing is left to pick; or, if asked to, leaves the rest to another. */
export async function finishPickList(
  ctx: Context,
  { id, leave_rest = false }: FinishPickList,
): Promise<PickList> {
  const { list, items } = await lockAll(ctx, id)
  // It finished by itself with its last unit.
  if (list.status === 'finished') return listTold(ctx, list)
  const units = items.reduce((sum, item) => sum + itemsLeft(item), 0)
  if (units > 0 && !leave_rest) throw fulfilmentErrors.still_to_pick({ units })
  return end(ctx, { list, items }, 'finish')
}

/** Gives a list up; what was picked with it stays picked. */
export async function cancelPickList(ctx: Context, { id }: GetPickList): Promise<PickList> {
  return end(ctx, await lockAll(ctx, id), 'cancel')
}

type Locked = { list: PickListRow; items: PickItemRow[] }

/** The list with all its items, under the locks of its orders and its own. */
async function lockAll(ctx: Context, ref: string): Promise<Locked> {
  const { id } = await findList(ctx, ref)
  const seen = await itemsOf(ctx, { lists: [id] })
  await lockEntities(
    ctx,
    'order',
    seen.map(({ order_id }) => order_id),
  )
  await lockEntities(ctx, 'pick_list', [id])
  const [list, items] = await Promise.all([findList(ctx, id), itemsOf(ctx, { lists: [id] })])
  requireVersion(ctx, list.version)
  return { list, items }
}

const dropRest = prepared(db, (open, p: { list: string }) =>
  open
    .updateTable('pick_items')
    .set({
      withdrawn_quantity: sql<number>`quantity - picked_quantity - short_quantity`,
    })
    .where('pick_list_id', '=', p.list as Id<'pick_list'>),
)

const setEnd = prepared(db, (open, p: { id: string; status: PickListRow['status']; now: string }) =>
  open
    .updateTable('pick_lists')
    .set((eb) => ({
      status: p.status,
      finished_at: p.now,
      updated_at: p.now,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', p.id as Id<'pick_list'>),
)

async function end(
  ctx: Context,
  { list, items }: Locked,
  move: 'finish' | 'cancel',
): Promise<PickList> {
  const status = lifecycle.next(list.status, move)
  const left = items.filter((item) => itemsLeft(item) > 0)
  const orders = await fulfilmentOrdersById(ctx, [
    ...new Set(left.map((item) => item.fulfilment_order_id)),
  ])
  const after = orders.map((one) => ({
    ...one,
    lines: one.lines.map((line) => {
      const own = left.filter(
        (item) => item.fulfilment_order_id === one.id && item.order_line_id === line.order_line_id,
      )
      const units = own.reduce((sum, item) => sum + itemsLeft(item), 0)
      return units > 0 ? { ...line, picking_quantity: line.picking_quantity - units } : line
    }),
  }))
  if (left.length > 0) {
    await dropRest.run(ctx, { list: list.id })
    await storePicked(ctx, orders, after)
  }
  await setEnd.run(ctx, { id: list.id, status, now: ctx.now })
  tellMove(ctx, { id: list.id, number: list.number, from: list.status, to: status })
  return listTold(ctx, await findList(ctx, list.id))
}
