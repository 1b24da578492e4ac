import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { orderErrors } from './errors.ts'
import { db } from './tables.ts'

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', p.id as Id<'order'>)
    .where('deleted_at', 'is', null),
)
const byNumber = prepared(db, (open, p: { number: number }) =>
  open
    .selectFrom('orders')
    .selectAll()
    .where('number', '=', p.number)
    .where('deleted_at', 'is', null),
)

const NUMBER = /^ORD-(\d{1,15})$/i

/** The number within `ORD-1000001`, if the text is an order number. */
export const orderNumberIn = (text: string): number | undefined => {
  const digits = NUMBER.exec(text.trim())?.[1]
  return digits === undefined ? undefined : Number(digits)
}

export const printOrderNumber = (number: number): string => `ORD-${number}`

/** The order that an id or a number names. Throws `not_found`, also for another customer's. */
export async function findOrder(ctx: Context, ref: string) {
  const number = orderNumberIn(ref)
  const found = isUuid(ref)
    ? await byId.first(ctx, { id: ref })
    : number === undefined
      ? undefined
      : await byNumber.first(ctx, { number })
  const { own_only, customer_id } = ctx.actor
  if (!found || (own_only && found.customer_id !== customer_id)) {
    throw orderErrors.not_found({ order_id: ref })
  }
  return found
}

/** The order, locked until the transaction ends, as it is once the lock is held. */
export async function lockOrder(ctx: Context, ref: string) {
  const { id } = await findOrder(ctx, ref)
  await lockEntity(ctx, 'order', id)
  return findOrder(ctx, id)
}

const anyById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', p.id as Id<'order'>),
)

/**
 * The order that money speaks of: whoever asks, and also when it is deleted, because a payment that
 * comes late must still be written into the books before it can be sent back.
 */
export async function orderOfMoney(ctx: Context, id: Id<'order'>): Promise<OrderRow> {
  const order = await anyById.first(ctx, { id })
  if (!order) throw new Error(`there are payments of order ${id}, but no such order`)
  return order
}

const anyByIds = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('orders')
    .selectAll()
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

/** The same for many of them, by id: one statement. Those that are not there are left out. */
export async function ordersOfMoney(
  ctx: Context,
  ids: readonly Id<'order'>[],
): Promise<Map<Id<'order'>, OrderRow>> {
  const rows = ids.length > 0 ? await anyByIds(ctx, { ids }) : []
  return new Map(rows.map((order) => [order.id, order]))
}

export type OrderRow = Awaited<ReturnType<typeof findOrder>>
