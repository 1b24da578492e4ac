import { cartErrors, type PricedCart } from '#modules/carts'
import {
  assertReserved,
  CHECKOUT,
  destinationOf,
  extendReservations,
  planReservation,
  type Reserved,
  releaseReservations,
  reservationWrites,
} from '#modules/inventory'
import type { Context } from '#platform/context'
import type { Bound } from '#platform/database/prepared'
import { expiryFrom, type LockedSession, later, saveSession, type Written } from './sessions.ts'
import type { SessionRow } from './tables.ts'
import { demandsOf, factsOf, told } from './telling.ts'

type Change = Partial<
  Pick<
    SessionRow,
    | 'email'
    | 'subscribe_newsletter'
    | 'shipping_address'
    | 'billing_address'
    | 'shipping_method'
    | 'payment_method'
    | 'payment_token'
    | 'credits'
  >
>

/**
 * Units are promised a little longer than the checkout lives: then a step that only moves its end
 * need not touch them. Whatever is left is given back when the checkout ends.
 */
const HOLD_GRACE_MINUTES = 5

/** Until when what is held now stays promised. */
export const heldUntil = (ctx: Context): string => later(expiryFrom(ctx), HOLD_GRACE_MINUTES)

/** Who holds the units of a checkout. */
export const holderOf = ({ id }: Pick<SessionRow, 'id'>) => ({
  reference_type: CHECKOUT,
  reference_id: id,
})

/**
 * Takes down what a buyer has said, and lets the checkout live on from now. What decides the money,
 * or a cart that has changed, is priced anew; units of a changed cart are held anew. Throws
 * `insufficient_stock`, `no_such_method`, `cart_empty`, `items_unavailable`.
 */
export async function advance(
  ctx: Context,
  { session, stored }: LockedSession,
  change: Change,
): Promise<SessionRow> {
  const said = { ...session, ...change }
  const isOtherCart = stored.cart.version !== session.cart_version
  const { currency } = stored.cart
  // What a buyer has in one currency pays nothing in another.
  const dropped = currency === session.currency ? {} : { credits: [] }
  const isPriced = isOtherCart || 'shipping_address' in change || 'shipping_method' in change
  const now = isPriced ? await told(ctx, said, stored) : undefined
  if (now) requireMethod(now, change)
  const expires_at = expiryFrom(ctx)
  const held = await holds(ctx, said, { told: isOtherCart ? now : undefined, expires_at })
  const { session: saved, written } = await saveSession(ctx, session, {
    change: {
      ...change,
      ...dropped,
      ...(now && factsOf(now)),
      ...held.change,
      cart_version: stored.cart.version,
      currency,
      expires_at,
    },
    writes: held.writes,
  })
  held.check(written)
  return saved
}

/** A method that was asked for by name and cannot be had is refused, not forgotten. */
export function requireMethod({ needs_shipping, chosen, quotes }: PricedCart, change: Change) {
  const method = change.shipping_method
  if (!method || (needs_shipping && chosen)) return
  const open_methods = quotes.map(({ code }) => code)
  throw cartErrors.no_such_method({ method, open_methods })
}

type Held = {
  change: Pick<Partial<SessionRow>, 'held_until'>
  writes: Record<string, Bound<unknown>>
  /** Sees to it that the writes held what was planned. */
  check: (written: Written) => void
}
const AS_BEFORE: Held = { change: {}, writes: {}, check: () => {} }

type Hold = { told: PricedCart | undefined; expires_at: string }

/** Holds what a changed cart needs instead of what was held; otherwise holds it a while longer. */
async function holds(ctx: Context, session: SessionRow, hold: Hold): Promise<Held> {
  const { held_until } = session
  if (hold.told) {
    await releaseReservations(ctx, holderOf(session))
    return holdAll(ctx, session, hold.told)
  }
  if (held_until === null || hold.expires_at <= held_until) return AS_BEFORE
  const until = heldUntil(ctx)
  const longer = { ...holderOf(session), expires_at: until, now: ctx.now }
  const writes = { held: extendReservations.bind(ctx, longer) }
  return { ...AS_BEFORE, change: { held_until: until }, writes }
}

/** Promises a checkout the units of its cart. Throws `insufficient_stock` with what is short. */
export async function holdAll(
  ctx: Context,
  session: Pick<SessionRow, 'id' | 'shipping_address'>,
  priced: PricedCart,
): Promise<Held> {
  const demands = demandsOf(priced)
  if (demands.length === 0) return { ...AS_BEFORE, change: { held_until: null } }
  const held_until = heldUntil(ctx)
  const destination = destinationOf(session.shipping_address)
  const holder = { ...holderOf(session), expires_at: held_until, destination }
  const plan = await planReservation(ctx, demands, holder)
  return {
    change: { held_until },
    writes: reservationWrites(ctx, plan),
    check: (written) => assertReserved(ctx, plan, written as Reserved),
  }
}
