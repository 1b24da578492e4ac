import { placeOf } from '#modules/tax'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import type { UpdateOrder } from '../edit-schemas.ts'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { lockOrder, type OrderRow } from '../find.ts'
import { withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'
import { db } from '../tables.ts'

const MEMBERS = [
  'shipping_address',
  'billing_address',
  'payment_method_id',
  'notes',
  'email',
] as const
type Member = (typeof MEMBERS)[number]

/**
 * Corrects what costs nothing: addresses, notes, the way to pay, where to write to. What is left
 * out stays, null takes it away. Where the parcel goes is fixed once it has left, and the country,
 * state and postal code already once taxes were computed for them.
 */
export async function updateOrder(ctx: Context, input: UpdateOrder): Promise<Order> {
  const order = await lockOrder(ctx, input.id)
  requireVersion(ctx, order.version)
  const changed = MEMBERS.filter(
    (member) => input[member] !== undefined && !isSame(input[member], order[member]),
  )
  if (changed.length === 0) return withLines(ctx, order)
  if (changed.includes('shipping_address')) requireMovable(order, input.shipping_address ?? null)
  const change = {
    ...Object.fromEntries(changed.map((member) => [member, input[member]])),
    version: order.version + 1,
    updated_at: ctx.now,
  } as Partial<Pick<OrderRow, Member>> & Pick<OrderRow, 'version' | 'updated_at'>
  await db(ctx).updateTable('orders').set(change).where('id', '=', order.id).execute()
  // The members by name only: events are kept for ever, and addresses are not their business.
  emit(ctx, orderEvents.updated({ order_id: order.id, members: changed }))
  return withLines(ctx, { ...order, ...change })
}

/** Whether two values say the same, in whatever order an address names its members. */
const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (value: unknown): unknown =>
  value !== null && typeof value === 'object'
    ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    : value

type Address = OrderRow['shipping_address']

function requireMovable(order: OrderRow, to: Address): void {
  if (order.fulfillment_status !== 'unfulfilled') {
    throw orderErrors.address_fixed({ problem: 'the parcel has left' })
  }
  if (order.tax_status === 'not_computed') return
  if (isSame(destinationOf(order.shipping_address), destinationOf(to))) return
  throw orderErrors.address_fixed({
    problem: 'tax and shipping were computed for its country, state and postal code',
  })
}

const destinationOf = (address: Address) =>
  address &&
  placeOf({
    country: address.country,
    region: address.state,
    postal_code: address.postal_code,
  })
