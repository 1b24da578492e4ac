import type { Context } from '#platform/context'
import { fill, linesWrite, requireStock, tellAdded } from '../items.ts'
import { openCart } from '../open-cart.ts'
import { pricedCart } from '../pricing.ts'
import { saveCart } from '../save.ts'
import type { AddItem, Cart } from '../schemas.ts'
import { cartOf } from '../wire.ts'

/** Puts units of a variant in; those that are there already share their line. */
export async function addItem(ctx: Context, { id, session_id, ...item }: AddItem): Promise<Cart> {
  const before = await openCart(ctx, { id, session_id })
  const filled = await fill(ctx, before, [{ item, at: '' }])
  const { after, rows, catalogue } = filled
  const told = await pricedCart(ctx, after, { catalogue })
  requireStock(before, told)
  tellAdded(ctx, filled)
  const stored = await saveCart(ctx, { before, after, told, writes: linesWrite(ctx, rows) })
  return cartOf({ ctx, stored, told })
}
