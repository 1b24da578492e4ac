import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { fulfilmentOrderEvents } from '../events.ts'
import { lockWork } from '../find.ts'
import { fulfilmentOrderLifecycle as lifecycle } from '../lifecycle.ts'
import type {
  HoldFulfilmentOrder,
  ReleaseFulfilmentOrder,
  FulfilmentOrder as Told,
} from '../schemas.ts'
import { db } from '../tables.ts'
import { openHolds } from '../work/holds.ts'
import { named, storeWork } from '../work/store.ts'
import { told } from './told.ts'

const insertHolds = insertRows(db, 'fulfilment_holds')

/** Stops the work for a reason, once a reason; it may be stopped for others already. */
export async function holdFulfilmentOrder(
  ctx: Context,
  { id, reason, note = null }: HoldFulfilmentOrder,
): Promise<Told> {
  const { one } = await lockWork(ctx, id)
  // Only what is not over can be stopped; the lifecycle says so in its own words.
  lifecycle.next(one.status, 'cancel')
  const holds = await openHolds(ctx, { orders: [one.id] })
  if (holds.some((hold) => hold.reason === reason)) return told(ctx, [one], one.id)
  const row = {
    id: ctx.newId('fulfilment_hold'),
    fulfilment_order_id: one.id,
    reason,
    note,
    held_by: ctx.actor.id,
    held_at: ctx.now,
  }
  await insertHolds.run(ctx, { rows: [row] })
  const stored = await storeWork(ctx, [one], [{ ...one, holds: one.holds + 1 }])
  emit(ctx, fulfilmentOrderEvents.held({ ...named(one), reason, note }))
  return told(ctx, stored, one.id)
}

const release = prepared(db, (open, p: { id: string; by: string; now: string }) =>
  open
    .updateTable('fulfilment_holds')
    .set({ released_at: p.now, released_by: p.by })
    .where('id', '=', p.id as never)
    .where('released_at', 'is', null),
)

/** Releases the hold of one reason, or all of them. Harmless where there is none. */
export async function releaseFulfilmentOrder(
  ctx: Context,
  { id, reason }: ReleaseFulfilmentOrder,
): Promise<Told> {
  const { one } = await lockWork(ctx, id)
  const all = await openHolds(ctx, { orders: [one.id] })
  const ended = all.filter((hold) => reason === undefined || hold.reason === reason)
  if (ended.length === 0) return told(ctx, [one], one.id)
  let { holds } = one
  for (const hold of ended) {
    await release.run(ctx, { id: hold.id, by: ctx.actor.id, now: ctx.now })
    holds -= 1
    emit(ctx, fulfilmentOrderEvents.released({ ...named(one), reason: hold.reason, holds }))
  }
  return told(ctx, await storeWork(ctx, [one], [{ ...one, holds }]), one.id)
}
