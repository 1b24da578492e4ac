import { formatMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { advance } from '../advance.ts'
import type {
  Checkout,
  ChosenMethod,
  SetAddress,
  SetCustomer,
  SetPayment,
  SetShippingMethod,
} from '../schemas.ts'
import { isLive, lockedSession, requireUnplaced, saveSession } from '../sessions.ts'
import { checkoutOf } from '../wire.ts'
import { tidied } from './start-checkout.ts'

// The steps of a checkout. They may be taken in any order, and again; `complete` says what is
// missing.

/** Says who buys. */
export async function setCustomer(ctx: Context, input: SetCustomer): Promise<Checkout> {
  const locked = await lockedSession(ctx, input)
  requireUnplaced(ctx, locked.session)
  const { email, subscribe_newsletter = false } = input
  const said = { email: email.toLowerCase(), subscribe_newsletter }
  return checkoutOf(await advance(ctx, locked, said))
}

/** Says where the parcel goes, which decides tax and shipping. */
export async function setShippingAddress(ctx: Context, input: SetAddress): Promise<Checkout> {
  const { id, session_id, ...address } = input
  const locked = await lockedSession(ctx, { id, session_id })
  requireUnplaced(ctx, locked.session)
  return checkoutOf(await advance(ctx, locked, { shipping_address: tidied(address) }))
}

/** Says where the bill goes; without it, where the parcel goes. */
export async function setBillingAddress(ctx: Context, input: SetAddress): Promise<Checkout> {
  const { id, session_id, ...address } = input
  const locked = await lockedSession(ctx, { id, session_id })
  requireUnplaced(ctx, locked.session)
  return checkoutOf(await advance(ctx, locked, { billing_address: tidied(address) }))
}

/** Chooses how the parcel goes. */
export async function setShippingMethod(
  ctx: Context,
  input: SetShippingMethod,
): Promise<ChosenMethod> {
  const locked = await lockedSession(ctx, input)
  requireUnplaced(ctx, locked.session)
  const session = await advance(ctx, locked, { shipping_method: input.method })
  const chosen = session.shipping_options.find(({ code }) => code === session.shipping_method)
  return {
    // As it was asked for: the published words are the names, whatever the codes are.
    method: input.method,
    amount: formatMoney(session.shipping_amount, session.currency),
    estimated_days: chosen?.estimated_days_max ?? null,
    session: checkoutOf(session),
  }
}

/** Says how it will be paid. Allowed as long as it is not paid, also once its order is placed. */
export async function setPayment(ctx: Context, input: SetPayment): Promise<Checkout> {
  const locked = await lockedSession(ctx, input)
  const { session } = locked
  if (!session.order_id || !isLive(session, ctx.now)) requireUnplaced(ctx, session)
  const { payment_method, payment_token = null } = input
  const said = { payment_method, payment_token }
  if (!session.order_id) return checkoutOf(await advance(ctx, locked, said))
  const { session: saved } = await saveSession(ctx, session, { change: said })
  return checkoutOf(saved)
}
