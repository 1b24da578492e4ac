import type { Static } from 'typebox'
import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { findOrder, linesOf, type OrderLine, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { ecommerceErrors } from './errors.ts'
import { meant, namesForRead } from './names.ts'
import type { Order } from './schemas.ts'

export type Status = Static<typeof Order>['status']

/**
 * An order's state in the words of this face (overlaps.md, section 4). `cancelled` and `refunded`
 * are words that its document lacks; hiding them would be a lie.
 */
export function statusOf({
  status,
  payment_status,
}: Pick<OrderRow, 'status' | 'payment_status'>): Status {
  if (status === 'cancelled') return 'cancelled'
  if (status === 'refunded' || payment_status === 'refunded') return 'refunded'
  if (payment_status === 'paid' || payment_status === 'partially_refunded') return 'paid'
  return payment_status === 'failed' ? 'payment_failed' : 'confirmed'
}

/** The order that a public id stands for, if the caller may see it. Throws `order_not_found`. */
export async function orderNamed(ctx: Context, public_id: string): Promise<OrderRow> {
  const id = await meant(ctx, 'order', public_id)
  if (!id) throw ecommerceErrors.order_not_found()
  try {
    return await findOrder(ctx, id)
  } catch (error) {
    throw error instanceof DomainError ? ecommerceErrors.order_not_found() : error
  }
}

/** One order by its public id. Throws `order_not_found`. */
export async function getOrder(
  ctx: ProcessContext,
  { order_id }: { order_id: string },
): Promise<Order> {
  const { order, lines } = await ctx.read(async (tx) => {
    const found = await orderNamed(tx, order_id)
    return { order: found, lines: await orderedLines(tx, found.id) }
  })
  const names = await namesForRead(ctx, 'product', productsIn(lines))
  return orderOf({ order, lines }, { order_id, names })
}

/** What was ordered, without lines that were taken out again. */
export const orderedLines = async (ctx: Context, id: Id<'order'>): Promise<OrderLine[]> =>
  ((await linesOf(ctx, [id])).get(id) ?? []).filter(({ quantity }) => quantity > 0)

export const productsIn = (lines: readonly OrderLine[]): string[] =>
  lines.flatMap(({ product_id }) => (product_id ? [product_id] : []))

type Stored = { order: OrderRow; lines: readonly OrderLine[] }
type Named = { order_id: string; names: ReadonlyMap<string, string> }

/** An order as this face tells it. */
export function orderOf({ order, lines }: Stored, { order_id, names }: Named): Order {
  const { currency } = order
  const money = (amount: number) => formatMoney(amount, currency)
  return {
    id: order_id,
    created_at: order.created_at,
    customer_email: order.email ?? '',
    items: lines.map(({ product_id, sku, name, quantity, unit_amount, total_amount }) => ({
      product_id: (product_id && names.get(product_id)) ?? '',
      sku,
      name,
      quantity,
      unit_price: money(unit_amount),
      line_total: money(total_amount),
    })),
    total: money(order.total_amount),
    currency,
    status: statusOf(order),
  }
}
