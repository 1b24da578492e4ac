import type { Id } from '#kit/ids'
import { inventoryEvents } from '#modules/inventory'
import { moveOrder, orderEvents, orderOfMoney } from '#modules/orders'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { laterUnderLock, together } from '#platform/reactions'
import { fulfilmentOrderEvents } from './events.ts'
import { LIVE } from './lifecycle.ts'
import { noteOrder, routeOrders } from './route-orders.ts'
import { db } from './tables.ts'
import { refitWork } from './work/ensure.ts'
import type { Because } from './work/refit.ts'
import { hasWork } from './work/rows.ts'

/** Follows a change of an order, under its lock; nothing to do where there is no work. */
async function follow(ctx: Context, order_id: Id<'order'>, because: Because): Promise<void> {
  if (!(await hasWork(ctx, order_id))) return
  await refitWork(ctx, await orderOfMoney(ctx, order_id), because)
}

/** Units went from orders to another, and their promises with them: so does their work. */
async function followParts(
  ctx: Context,
  from: readonly Id<'order'>[],
  to: Id<'order'>,
): Promise<void> {
  for (const order_id of from) await follow(ctx, order_id, 'follow')
  await refitWork(ctx, await orderOfMoney(ctx, to), 'ensure')
}

/** Somebody has begun to pick a confirmed order: it is in work. Any other state stays. */
async function beginOrder(ctx: Context, order_id: Id<'order'>): Promise<void> {
  await lockEntity(ctx, 'order', order_id)
  const order = await orderOfMoney(ctx, order_id)
  if (order.deleted_at !== null || order.status !== 'confirmed') return
  await moveOrder(ctx, order, 'process', { reason: 'picking began' })
}

const copyStatus = prepared(db, (open, p: { order: string; status: string; now: string }) =>
  open
    .updateTable('fulfilment_orders')
    .set((eb) => ({
      order_status: p.status,
      updated_at: p.now,
      version: eb('version', '+', 1),
    }))
    .where('order_id', '=', p.order as Id<'order'>)
    .where('status', 'in', [...LIVE])
    .where('order_status', '<>', p.status),
)

/** The states of an order that end its work are told by events of their own. */
const ENDS = ['shipped', 'delivered', 'cancelled', 'exchanged', 'refunded']

export const reactions = [
  together(orderEvents.created, 'fulfilment.note_order', async (ctx, { order_id }) =>
    noteOrder(ctx, order_id),
  ),
  // Not together: whoever brings stock in holds its levels, and the order comes before those.
  laterUnderLock(
    inventoryEvents.backorder_allocated,
    'fulfilment.promise',
    async (ctx, promised) => {
      if (promised.reference_type === 'order')
        await routeOrders(ctx, [promised.reference_id as Id<'order'>])
    },
  ),
  // Not together: a picker holds the work, and the order comes before that.
  laterUnderLock(
    fulfilmentOrderEvents.status_changed,
    'fulfilment.begin_order',
    async (ctx, { order_id, new_status }) => {
      if (new_status === 'in_progress') await beginOrder(ctx, order_id)
    },
  ),
  together(orderEvents.status_changed, 'fulfilment.follow_status', async (ctx, moved) => {
    if (ENDS.includes(moved.new_status)) return
    // Nobody waits for it: it travels with the commit.
    const copy = { order: moved.order_id, status: moved.new_status, now: ctx.now }
    ctx.session.send(copyStatus.bind(ctx, copy))
  }),
  together(orderEvents.item_added, 'fulfilment.follow_added', (ctx, { order_id }) =>
    follow(ctx, order_id, 'ensure'),
  ),
  together(orderEvents.item_changed, 'fulfilment.follow_changed_item', (ctx, { order_id }) =>
    follow(ctx, order_id, 'follow'),
  ),
  together(orderEvents.units_cancelled, 'fulfilment.follow_cancelled_units', (ctx, { order_id }) =>
    follow(ctx, order_id, 'follow'),
  ),
  together(orderEvents.units_unfulfilled, 'fulfilment.follow_unfulfilled', (ctx, { order_id }) =>
    follow(ctx, order_id, 'follow'),
  ),
  together(orderEvents.cancelled, 'fulfilment.follow_cancelled', (ctx, { order_id }) =>
    follow(ctx, order_id, 'follow'),
  ),
  together(orderEvents.deleted, 'fulfilment.follow_deleted', (ctx, { order_id }) =>
    follow(ctx, order_id, 'follow'),
  ),
  together(orderEvents.changed, 'fulfilment.follow_changed', (ctx, { order_id }) =>
    follow(ctx, order_id, 'ensure'),
  ),
  together(orderEvents.merged, 'fulfilment.follow_merged', (ctx, merged) =>
    followParts(ctx, merged.merged_order_ids, merged.order_id),
  ),
  together(orderEvents.split, 'fulfilment.follow_split', (ctx, split) =>
    followParts(ctx, [split.order_id], split.new_order_id),
  ),
  together(orderEvents.shipped, 'fulfilment.follow_shipped', (ctx, { order_id }) =>
    follow(ctx, order_id, 'shipped'),
  ),
]
