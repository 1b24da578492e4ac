import type { Id } from '#kit/ids'
import { contactsOf } from '#modules/customers'
import { findOrder, getOrder, type Order } from '#modules/orders'
import { paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { refOf } from '../refs.ts'
import type { RefRow } from '../tables.ts'

/** An order of ours with what WooCommerce is told of it. */
export type OrderView = {
  order: Order
  email: string
  payment: { provider: string; ref: string | null } | null
  ref: RefRow | undefined
}

/** Reads an order of ours, by id or number. Throws `not_found`. */
export async function orderViewOf(ctx: Context, order_ref: string): Promise<OrderView> {
  const { id, customer_id } = await findOrder(ctx, order_ref)
  const order = (await getOrder(ctx, { id })) as Order
  const [contacts, payments, ref] = await Promise.all([
    contactsOf(ctx, [customer_id]),
    paymentsOfOrder(ctx, { order_id: id }),
    refOf(ctx, 'order', id),
  ])
  const taken = payments.find(({ captured_amount }) => captured_amount > 0)
  return {
    order,
    email: order.email ?? contacts.get(customer_id)?.email ?? '',
    payment: taken
      ? { provider: taken.provider, ref: taken.provider_ref ?? taken.part_of_ref }
      : null,
    ref,
  }
}

/**
 * Whether an order's money is there, so that it may be sent as paid. One that was cancelled is not:
 * its money is on its way back.
 */
export const isPaid = ({ status, payment_status }: Standing): boolean =>
  (payment_status === 'paid' || payment_status === 'partially_refunded') && !OVER.has(status)
type Standing = Pick<Order, 'status' | 'payment_status'>
const OVER = new Set<string>(['cancelled', 'refunded'])

/** The counterparts of variants in WooCommerce; those without one are missing. */
export async function counterpartsOf(
  ctx: Context,
  variants: readonly Id<'variant'>[],
): Promise<Map<string, RefRow>> {
  const found = await Promise.all(variants.map((id) => refOf(ctx, 'variant', id)))
  return new Map(found.flatMap((ref) => (ref ? [[ref.entity_id as string, ref] as const] : [])))
}
