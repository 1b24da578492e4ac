import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { cartEvents } from './events.ts'
import type { StoredCart } from './find.ts'
import { addUnits } from './lines.ts'
import { insertCarts, newCart, type Owner } from './new-cart.ts'
import { pricedCart } from './pricing.ts'
import { saveCart } from './save.ts'
import type { LineRow } from './tables.ts'

/**
 * Keeps for its owner what came into a cart after its order was priced and paid: those units go
 * into a new cart of theirs. Call it under the cart's lock, before it is converted; nearly always
 * there is nothing to do. `bought` is how many units of each variant the order has.
 */
export async function carryOver(
  ctx: Context,
  { cart, lines }: StoredCart,
  bought: ReadonlyMap<string, number>,
): Promise<void> {
  const rest = new Map(bought)
  const left = lines.flatMap((line): LineRow[] => {
    // Gift cards of one kind for several people stand on several lines.
    const taken = Math.min(line.quantity, rest.get(line.variant_id) ?? 0)
    rest.set(line.variant_id, (rest.get(line.variant_id) ?? 0) - taken)
    const quantity = line.quantity - taken
    return quantity > 0 ? [{ ...line, quantity }] : []
  })
  if (left.length === 0) return
  const { customer_id, session_hash, currency, channel } = cart
  const owner = { customer_id, session_hash } as Owner
  const fresh = newCart(ctx, { ...owner, currency, channel })
  const rows = left.map((line) => ({
    ...line,
    id: ctx.newId('cart_line'),
    cart_id: fresh.id,
    lowered_from: null,
    added_at: ctx.now,
    updated_at: ctx.now,
  }))
  await insertCarts(ctx, { rows: [fresh] })
  emit(ctx, cartEvents.created({ cart_id: fresh.id, customer_id, currency }))
  const after = { cart: fresh, lines: rows, coupons: [] }
  const told = await pricedCart(ctx, after)
  const writes = { lines: { write: addUnits.bind(ctx, { rows }), rows: rows.length } }
  await saveCart(ctx, { before: after, after, told, writes })
}
