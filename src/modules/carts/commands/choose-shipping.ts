import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { methodAmong, tidied } from '../choices.ts'
import { cartErrors } from '../errors.ts'
import { cartEvents } from '../events.ts'
import { openCart } from '../open-cart.ts'
import { pricedCart } from '../pricing.ts'
import { saveCart } from '../save.ts'
import type { Cart, SetShippingAddress, SetShippingMethod } from '../schemas.ts'
import { cartOf } from '../wire.ts'

/** Says where the cart shall go, which decides tax and shipping. */
export async function setShippingAddress(ctx: Context, input: SetShippingAddress): Promise<Cart> {
  const { id, session_id, ...address } = input
  const destination = tidied(address)
  const before = await openCart(ctx, { id, session_id })
  const after = { ...before, cart: { ...before.cart, destination } }
  const told = await pricedCart(ctx, after)
  emit(ctx, cartEvents.updated({ cart_id: after.cart.id, changed: ['shipping_address'] }))
  const stored = await saveCart(ctx, { before, after, told })
  return cartOf({ ctx, stored, told })
}

/** Chooses among the methods that the cart can be sent by. */
export async function setShippingMethod(ctx: Context, input: SetShippingMethod): Promise<Cart> {
  const before = await openCart(ctx, input)
  const told = await pricedCart(ctx, before, { shipping: input.method })
  const method = methodAmong(told.quotes, input.method)
  if (input.method !== null && !method) {
    const open_methods = told.quotes.map(({ code }) => code)
    throw cartErrors.no_such_method({ method: input.method, open_methods })
  }
  const cart = { ...before.cart, shipping_method: method?.code ?? null }
  emit(ctx, cartEvents.updated({ cart_id: cart.id, changed: ['shipping_method'] }))
  const stored = await saveCart(ctx, { before, after: { ...before, cart }, told })
  return cartOf({ ctx, stored, told })
}
