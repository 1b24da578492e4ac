import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { cartEvents } from '../events.ts'
import { dropLines } from '../lines.ts'
import { openJustCart } from '../open-cart.ts'
import { pricedCart } from '../pricing.ts'
import { saveCart } from '../save.ts'
import type { Cleared, GetCart } from '../schemas.ts'
import { cartOf } from '../wire.ts'

/** Takes all lines out; address, codes and the rest stay. */
export async function clearCart(ctx: Context, input: GetCart): Promise<Cleared> {
  const before = await openJustCart(ctx, input)
  const { id: cart_id } = before.cart
  const line_count = before.lines.length
  const after = { ...before, lines: [] }
  const told = await pricedCart(ctx, after)
  emit(ctx, cartEvents.cleared({ cart_id, line_count }))
  const writes = { lines: { write: dropLines.bind(ctx, { cart_id }), rows: line_count } }
  const stored = await saveCart(ctx, { before, after, told, ...(line_count > 0 && { writes }) })
  return { message: 'Cart cleared', cart: cartOf({ ctx, stored, told }) }
}
