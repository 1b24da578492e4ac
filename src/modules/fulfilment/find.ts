import { type Id, isUuid } from '#kit/ids'
import { lockOrder, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { requireVersion } from '#platform/versions'
import { fulfilmentErrors } from './errors.ts'
import { numberIn } from './numbers.ts'
import { db } from './tables.ts'
import { fulfilmentOrdersOf } from './work/rows.ts'
import type { FulfilmentOrder, FulfilmentRow } from './work/units.ts'

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('fulfilment_orders')
    .selectAll()
    .where('id', '=', p.id as Id<'fulfilment_order'>),
)
const byNumber = prepared(db, (open, p: { order_number: number; nth: number }) =>
  open
    .selectFrom('fulfilment_orders')
    .selectAll()
    .where('order_number', '=', p.order_number)
    .where('nth', '=', p.nth),
)

/** The fulfilment order that an id or a number (`1000001-F1`) names; throws `not_found`. */
export async function find(ctx: Context, ref: string): Promise<FulfilmentRow> {
  const number = numberIn(ref)
  const found = isUuid(ref)
    ? await byId.first(ctx, { id: ref })
    : number && (await byNumber.first(ctx, number))
  if (!found) throw fulfilmentErrors.not_found({ fulfilment_order_id: ref })
  return found
}

/** A fulfilment order with its order and the others of it, under the order's lock. */
export type Bench = { order: OrderRow; one: FulfilmentOrder; all: FulfilmentOrder[] }

/**
 * The fulfilment order that `ref` names, under its order's lock: the order and all its work cannot
 * change until the commit. Checks `If-Match`. Throws `not_found`.
 */
export async function lockWork(ctx: Context, ref: string): Promise<Bench> {
  const { id, order_id } = await find(ctx, ref)
  const order = await lockOrder(ctx, order_id)
  const all = await fulfilmentOrdersOf(ctx, [order_id])
  const one = all.find((own) => own.id === id) as FulfilmentOrder
  requireVersion(ctx, one.version)
  return { order, one, all }
}
