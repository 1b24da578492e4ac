import { type Id, isUuid } from '#kit/ids'
import { lockOrder, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { returnErrors } from './errors.ts'
import { db, type ReturnRow } from './tables.ts'

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('returns')
    .selectAll()
    .where('id', '=', p.id as Id<'return'>)
    .where('deleted_at', 'is', null),
)
const byNumber = prepared(db, (open, p: { number: number }) =>
  open
    .selectFrom('returns')
    .selectAll()
    .where('number', '=', p.number)
    .where('deleted_at', 'is', null),
)

const NUMBER = /^RMA-(\d{1,15})$/i

export const printRma = (number: number): string => `RMA-${number}`

/** The number within `RMA-1000001`, if the text is an RMA number. */
export const rmaIn = (text: string): number | undefined => {
  const digits = NUMBER.exec(text.trim())?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** The return that an id or an RMA number names; throws `not_found`, also for another's. */
export async function findReturn(ctx: Context, ref: string): Promise<ReturnRow> {
  const number = rmaIn(ref)
  const found = isUuid(ref)
    ? await byId.first(ctx, { id: ref })
    : number === undefined
      ? undefined
      : await byNumber.first(ctx, { number })
  const { own_only, customer_id } = ctx.actor
  if (!found || (own_only && found.customer_id !== customer_id)) {
    throw returnErrors.not_found({ return_id: ref })
  }
  return found
}

/** A return as it is once the lock of its order is held, which protects all that hangs on both. */
export type Locked = { order: OrderRow; row: ReturnRow }

export async function lockReturn(ctx: Context, ref: string): Promise<Locked> {
  const { id, order_id } = await findReturn(ctx, ref)
  const order = await lockOrder(ctx, order_id)
  return { order, row: await findReturn(ctx, id) }
}

/** The lines of these returns, in their order. */
export const linesOfReturns = prepared(db, (open, p: { returns: readonly string[] }, engine) =>
  open
    .selectFrom('return_lines')
    .selectAll()
    .where('return_id', 'in', listOf(engine, p.returns, 'uuid'))
    .orderBy('return_id')
    .orderBy('position'),
)

/** Customers may ask, but what is decided about goods and money is the shop's. */
export function refuseShoppers({ actor }: Pick<Context, 'actor'>, action: string): void {
  if (actor.own_only) throw returnErrors.staff_only({ action })
}
