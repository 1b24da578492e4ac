import type { Static } from 'typebox'
import { printOrderNumber } from '#modules/orders'
import type { Context } from '#platform/context'
import { explanationOf } from './explanations.ts'
import { fulfilmentOrderLifecycle, WORKABLE_ORDERS } from './lifecycle.ts'
import { printNumber } from './numbers.ts'
import type { FulfilmentOrder as Told } from './schemas.ts'
import type { db } from './tables.ts'
import { openHolds } from './work/holds.ts'
import type { FulfilmentOrder, FulfilmentRow } from './work/units.ts'

type HoldRow = Static<(typeof db.tables)['fulfilment_holds']>

/** Whether goods may be picked for it: nothing stops it, and its order is confirmed. */
export const isReady = ({ status, holds, order_status }: FulfilmentRow): boolean =>
  (status === 'open' || status === 'in_progress') &&
  holds === 0 &&
  (WORKABLE_ORDERS as readonly string[]).includes(order_status)

/** Fulfilment orders as they are answered, with their holds: one statement for any number. */
export async function toldOf(ctx: Context, all: readonly FulfilmentOrder[]): Promise<Told[]> {
  const held = all.filter(({ holds }) => holds > 0).map(({ id }) => id)
  const holds = held.length === 0 ? [] : await openHolds(ctx, { orders: held })
  const byOrder = Map.groupBy(holds, (hold) => hold.fulfilment_order_id)
  return all.map((one) => tell(one, byOrder.get(one.id) ?? []))
}

const tell = (one: FulfilmentOrder, holds: readonly HoldRow[]): Told => ({
  id: one.id,
  number: printNumber(one),
  order_id: one.order_id,
  order_number: printOrderNumber(one.order_number),
  order_status: one.order_status,
  status: one.status,
  status_reason: one.status_reason,
  location_id: one.location_id,
  routed_by: { rule: one.why, explanation: explanationOf(one.why) },
  is_ready: isReady(one),
  holds: holds.map(({ reason, note, held_by, held_at }) => ({ reason, note, held_by, held_at })),
  fulfil_at: one.fulfil_at,
  due_at: one.due_at,
  promised_at: one.promised_at,
  note: one.note,
  items: one.lines.map(({ fulfilment_order_id: _, position: __, sku_key: ___, ...line }) => line),
  open_moves: fulfilmentOrderLifecycle.movesFrom(one.status),
  started_at: one.started_at,
  packed_at: one.packed_at,
  closed_at: one.closed_at,
  version: one.version,
  created_at: one.created_at,
  updated_at: one.updated_at,
})
