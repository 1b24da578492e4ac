import { isUuid } from '#kit/ids'
import type { CartWithItems } from '#modules/carts'
import { entityOf, publicIdOf, publicIdsOf } from '#modules/storefronts'
import type { Context } from '#platform/context'

// What things are called on this face: a prefix and chance, stored when they are first told.

const face = 'shop'
export type Kind = 'cart' | 'user' | 'product' | 'variant' | 'item' | 'order'

export const nameOf = (ctx: Context, kind: Kind, entity_id: string): Promise<string> =>
  publicIdOf(ctx, { face, kind, entity_id })

/**
 * The entity that a name stands for. What is no name of this face is taken as it is: the house's
 * own ids and SKUs are understood wherever a name is.
 */
export async function meantBy(ctx: Context, kind: Kind, name: string): Promise<string> {
  if (isUuid(name)) return name
  return (await entityOf(ctx, { face, kind, public_id: name })) ?? name
}

export type CartNames = {
  cart_id: string
  user_id: string | null
  products: ReadonlyMap<string, string>
  variants: ReadonlyMap<string, string>
  items: ReadonlyMap<string, string>
}

/** Everything that a cart's answer names. */
export async function namesOfCart(
  ctx: Context,
  { cart, items }: CartWithItems,
): Promise<CartNames> {
  const namesOf = (kind: Kind, entity_ids: string[]) =>
    entity_ids.length === 0 ? new Map() : publicIdsOf(ctx, { face, kind, entity_ids })
  const user = cart.customer_id ?? ctx.actor.user_id
  return {
    cart_id: await nameOf(ctx, 'cart', cart.id),
    user_id: user === null ? null : await nameOf(ctx, 'user', user),
    products: await namesOf(
      'product',
      items.flatMap(({ product_id }) => product_id ?? []),
    ),
    variants: await namesOf(
      'variant',
      items.map(({ variant_id }) => variant_id),
    ),
    items: await namesOf(
      'item',
      items.map(({ id }) => id),
    ),
  }
}
