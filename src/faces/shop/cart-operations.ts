import type { Static } from 'typebox'
import { type Id, isUuid } from '#kit/ids'
import {
  addToCart,
  type CartWithItems,
  cartErrors,
  currentCartId,
  dropCartItem,
  emptyCart,
  fetchCurrentCart,
  newGuestSecret,
  openCurrentCart,
  setCartItem,
} from '#modules/carts'
import { inventoryErrors } from '#modules/inventory'
import { pricingErrors } from '#modules/pricing'
import type { Context } from '#platform/context'
import { command, requestErrors } from '#platform/operations'
import { meantBy, namesOfCart } from './names.ts'
import * as of from './schemas.ts'

const channel = 'shop' as const
// Guests have a cart by their secret, customers by who they are: each command looks whose it is.
const open = { permission: 'public', isolation: 'read committed', secret: true } as const
const session_id = 'sess_kD3vXw0qTgS8mZr5'
const errors = [cartErrors.not_found, cartErrors.not_open, pricingErrors.too_large]
type Asked = { session_id?: string }

/** The cart of this face: the caller's own one, whatever they have elsewhere. */
export const cartOperations = [
  command('shop.get_cart', {
    ...open,
    rest: 'GET /api/cart',
    summary: "Read the caller's cart",
    description: 'A customer who has none gets an empty one; a guest is known by `session_id`.',
    input: of.CartQuestion,
    output: of.ShopCart,
    errors,
    example: { session_id },
    run: getCart,
  }),
  command('shop.add_item', {
    ...open,
    rest: 'POST /api/cart/items',
    summary: 'Put a product into the cart',
    description: 'A guest without `session_id` is given one, in `cart.session_id`.',
    input: of.AddItem,
    output: of.Added,
    errors: [...errors, cartErrors.unknown_product, inventoryErrors.insufficient_stock],
    example: { session_id, product_id: 'prod_4f2a9c01d3b8e675', quantity: 2 },
    run: addItem,
  }),
  command('shop.set_item', {
    ...open,
    rest: 'PATCH /api/cart/items/:item_id',
    summary: 'Set the quantity of an item; 0 takes it out',
    input: of.SetItem,
    output: of.Updated,
    errors: [...errors, cartErrors.item_not_found, inventoryErrors.insufficient_stock],
    example: { session_id, item_id: 'item_4f2a9c01d3b8e675', quantity: 3 },
    run: setItem,
  }),
  command('shop.remove_item', {
    ...open,
    rest: 'DELETE /api/cart/items/:item_id',
    summary: 'Take an item out of the cart',
    input: of.ItemQuestion,
    output: of.Removed,
    errors: [...errors, cartErrors.item_not_found],
    example: { session_id, item_id: 'item_4f2a9c01d3b8e675' },
    run: removeItem,
  }),
  command('shop.clear_cart', {
    ...open,
    rest: 'DELETE /api/cart',
    summary: 'Take everything out of the cart',
    input: of.CartQuestion,
    output: of.Cleared,
    errors,
    example: { session_id },
    run: clearCart,
  }),
]

/** Nobody who is known, by login or by secret: 401, and 404 for a guest who has no cart. */
export function noCart({ actor }: Context, { session_id }: Asked) {
  if (actor.kind === 'anonymous' && !session_id) return requestErrors.unauthenticated()
  return cartErrors.not_found({ cart_id: 'of this session' })
}

async function getCart(ctx: Context, asked: Asked) {
  return shown(ctx, asked, await found(ctx, asked))
}

/** The caller's cart; a user's is made if there is none. Throws for guests who have none. */
async function found(ctx: Context, asked: Asked): Promise<CartWithItems> {
  const cart = await fetchCurrentCart(ctx, { channel, ...asked })
  if (cart) return cart
  if (ctx.actor.kind === 'anonymous') throw noCart(ctx, asked)
  await openCurrentCart(ctx, { channel, ...asked })
  return (await fetchCurrentCart(ctx, { channel, ...asked })) as CartWithItems
}

async function addItem(ctx: Context, input: Static<typeof of.AddItem>) {
  const isStranger = ctx.actor.kind === 'anonymous' && !input.session_id
  const own = isStranger ? { session_id: newGuestSecret() } : secretIn(input)
  const id = await openCurrentCart(ctx, { channel, ...own })
  const { quantity = 1, metadata } = input
  const product_id = await meantBy(ctx, 'product', input.product_id)
  const variant_id = input.variant_id && (await meantBy(ctx, 'variant', input.variant_id))
  const item = { product_id, ...(variant_id && { variant_id }), quantity }
  const before = await unitsIn(ctx, own)
  await addToCart(ctx, { id, ...own, ...item, ...(metadata && { metadata }) })
  const { cart, items } = await found(ctx, own)
  const line = items.find(({ id, quantity: units }) => units !== before.get(id))
  const answered = await shown(ctx, own, { cart, items, version: cart.version })
  const added = answered.items.find((_, nth) => items[nth] === line)
  if (!line || !added) throw new Error('what was put into a cart is not in it')
  const { item_id, price } = added
  return {
    success: true as const,
    cart: answered,
    added_item: { item_id, product_id: added.product_id, quantity, price },
  }
}

const secretIn = ({ session_id }: Asked): Asked => (session_id ? { session_id } : {})

async function unitsIn(ctx: Context, own: Asked): Promise<ReadonlyMap<string, number>> {
  const cart = await fetchCurrentCart(ctx, { channel, ...own })
  return new Map(cart?.items.map(({ id, quantity }) => [id, quantity]))
}

type Named = { item_id: string; session_id?: string }

/** The caller's cart and the item in it that is meant. Throws `item_not_found`, `not_found`. */
async function itemIn(ctx: Context, { item_id: name, ...asked }: Named) {
  const before = await found(ctx, asked)
  const meant = await meantBy(ctx, 'item', name)
  const item = before.items.find(({ id }) => id === meant)
  if (!item) throw cartErrors.item_not_found({ item_id: name })
  return { id: before.cart.id, item, before }
}

async function setItem(ctx: Context, input: Static<typeof of.SetItem>) {
  const { quantity, ...named } = input
  const own = secretIn(input)
  const { id, item, before } = await itemIn(ctx, named)
  const names = await namesOfCart(ctx, before)
  await setCartItem(ctx, { id, ...own, item_id: item.id, quantity })
  return {
    success: true as const,
    cart: await getCart(ctx, own),
    updated_item: {
      item_id: names.items.get(item.id) as string,
      product_id: item.product_id && (names.products.get(item.product_id) ?? null),
      quantity,
    },
  }
}

async function removeItem(ctx: Context, input: Static<typeof of.ItemQuestion>) {
  const own = secretIn(input)
  const { id, item, before } = await itemIn(ctx, input)
  const names = await namesOfCart(ctx, before)
  await dropCartItem(ctx, { id, ...own, item_id: item.id })
  const removed_item_id = names.items.get(item.id) as string
  return { success: true as const, cart: await getCart(ctx, own), removed_item_id }
}

async function clearCart(ctx: Context, asked: Asked) {
  const { cart } = await found(ctx, asked)
  await emptyCart(ctx, { id: cart.id, ...secretIn(asked) })
  const message = 'Cart cleared successfully'
  return { success: true as const, message, cart: await getCart(ctx, asked) }
}

/** The cart that is meant at a checkout. Throws as reading it does. */
export async function cartToBuy(ctx: Context, asked: Asked & { cart_id?: string | undefined }) {
  if (asked.cart_id !== undefined) {
    const id = await meantBy(ctx, 'cart', asked.cart_id)
    if (!isUuid(id)) throw cartErrors.not_found({ cart_id: asked.cart_id })
    return id as Id<'cart'>
  }
  const known = await currentCartId(ctx, { channel, ...secretIn(asked) })
  return known ?? (await found(ctx, asked)).cart.id
}

/** A cart as this face shows it; a guest is told the secret under which it is known. */
async function shown(
  ctx: Context,
  { session_id }: Asked,
  told: CartWithItems,
): Promise<Static<typeof of.ShopCart>> {
  const { cart, items } = told
  const names = await namesOfCart(ctx, told)
  const isGuest = cart.customer_id === null && ctx.actor.kind === 'anonymous'
  return {
    cart_id: names.cart_id,
    user_id: names.user_id,
    session_id: (isGuest && session_id) || null,
    items: items.map((item) => ({
      item_id: names.items.get(item.id) as string,
      product_id: item.product_id && (names.products.get(item.product_id) ?? null),
      variant_id: names.variants.get(item.variant_id) as string,
      name: item.name,
      price: Number(item.unit_price),
      quantity: item.quantity,
      image_url: item.image_url,
      metadata: item.metadata ?? {},
    })),
    subtotal: Number(cart.subtotal),
    discount: Number(cart.discount_total),
    tax: Number(cart.tax_total),
    shipping: Number(cart.shipping_total),
    total: Number(cart.total),
    currency: cart.currency,
    created_at: cart.created_at,
    updated_at: cart.updated_at,
  }
}
