import { beginCheckout, cartForCheckout, type StoredCart } from '#modules/carts'
import { findCustomer } from '#modules/customers'
import type { Context } from '#platform/context'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { advance, holdAll, requireMethod } from '../advance.ts'
import { endSession } from '../end-session.ts'
import { checkoutEvents } from '../events.ts'
import type { Checkout, StartCheckout } from '../schemas.ts'
import { expiryFrom, insertSession, isLive, sessionOfCart, type Written } from '../sessions.ts'
import type { SessionRow } from '../tables.ts'
import { factsOf, told } from '../telling.ts'
import { checkoutOf } from '../wire.ts'

/**
 * Begins the checkout of a cart and holds its units; any of the steps may be taken at once. A cart
 * has one open checkout: a second call answers the same, with what it says taken down.
 */
export const startCheckout = async (ctx: Context, input: StartCheckout): Promise<Checkout> =>
  checkoutOf(await startSession(ctx, input))

/** The same, as it is stored. */
export async function startSession(ctx: Context, input: StartCheckout): Promise<SessionRow> {
  const stored = await cartForCheckout(ctx, input)
  const { id: cart_id, checkout_at } = stored.cart
  const known = checkout_at === null ? undefined : await sessionOfCart.first(ctx, { cart_id })
  if (known && isLive(known, ctx.now)) {
    if (known.order_id) return known
    return advance(ctx, { session: known, stored }, saidIn(input))
  }
  // The cart became an order: whoever asks again is shown what became of it.
  if (known && stored.cart.order_id) return known
  if (known?.status !== 'open') return begin(ctx, stored, input)
  await endSession(ctx, known, 'time_over')
  // That has changed the cart.
  return begin(ctx, await cartForCheckout(ctx, input), input)
}

/** The steps that a request takes. */
function saidIn(input: StartCheckout) {
  const { email, shipping_address, billing_address, shipping_method } = input
  const { subscribe_newsletter, payment_method, payment_token } = input
  return {
    ...(email && { email: email.toLowerCase() }),
    ...(subscribe_newsletter !== undefined && { subscribe_newsletter }),
    ...(shipping_address && { shipping_address: tidied(shipping_address) }),
    ...(billing_address && { billing_address: tidied(billing_address) }),
    ...(shipping_method && { shipping_method }),
    ...(payment_method && { payment_method }),
    ...(payment_token && { payment_token }),
  }
}

/** An address with its country in capitals. */
export const tidied = <A extends { country_code: string }>(address: A): A => ({
  ...address,
  country_code: address.country_code.toUpperCase(),
})

async function begin(ctx: Context, stored: StoredCart, input: StartCheckout): Promise<SessionRow> {
  const said = saidIn(input)
  const { cart } = stored
  const chosen = {
    shipping_address: said.shipping_address ?? null,
    shipping_method: said.shipping_method ?? cart.shipping_method,
  }
  const now = await told(ctx, chosen, stored)
  requireMethod(now, said)
  const email = said.email ?? cart.email ?? (await emailOf(ctx, cart))
  const begun = await beginCheckout(ctx, stored)
  const id = ctx.newId('checkout')
  const held = await holdAll(ctx, { id, shipping_address: chosen.shipping_address }, now)
  const session: SessionRow = {
    id,
    cart_id: cart.id,
    customer_id: cart.customer_id,
    session_hash: cart.session_hash,
    status: 'open',
    subscribe_newsletter: false,
    billing_address: null,
    payment_method: null,
    payment_token: null,
    credits: [],
    ...said,
    email,
    shipping_address: chosen.shipping_address,
    currency: cart.currency,
    ...factsOf(now),
    cart_version: begun.cart.version,
    held_until: null,
    ...held.change,
    order_id: null,
    expires_at: expiryFrom(ctx),
    ended_at: null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const { currency, total_amount } = session
  const started = { checkout_id: id, cart_id: cart.id, currency, total_amount }
  emit(ctx, checkoutEvents.started(started))
  const written: Written = await writeTogether(ctx, {
    ...held.writes,
    session: insertSession.bind(ctx, { rows: [session] }),
  })
  held.check(written)
  return session
}

const emailOf = async (ctx: Context, { customer_id }: StoredCart['cart']) =>
  customer_id === null ? null : ((await findCustomer(ctx, customer_id))?.email ?? null)
