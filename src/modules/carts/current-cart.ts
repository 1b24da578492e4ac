import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { Channel } from './channel-names.ts'
import { cartErrors } from './errors.ts'
import { cartEvents } from './events.ts'
import { findCart } from './find.ts'
import { absorbSession } from './merging.ts'
import { insertCarts, newCart, type Owner } from './new-cart.ts'
import { pricedCart } from './pricing.ts'
import type { CartWithItems } from './schemas.ts'
import { hashSession } from './sessions.ts'
import { db } from './tables.ts'
import { cartWithItemsOf } from './wire.ts'

// Storefronts whose callers name no cart: each of them has one, which is theirs in that channel.

/** Whose cart is meant: that of the customer who asks, else of the guest with this secret. */
export type CartOf = { channel: Channel; session_id?: string | undefined }

type InChannel = { channel: Channel; now: string }

// One whose checkout is open is still the caller's cart.
const newestOfCustomer = prepared(db, (open, p: InChannel & { customer_id: string }) =>
  open
    .selectFrom('carts')
    .select('id')
    .where('customer_id', '=', p.customer_id as Id<'customer'>)
    .where('channel', '=', p.channel)
    .where('closed_as', 'is', null)
    .where((eb) => eb.or([sql<boolean>`converting`, eb('expires_at', '>', p.now)]))
    .orderBy('id', 'desc')
    .limit(1),
)
const newestOfGuest = prepared(db, (open, p: InChannel & { session_hash: string }) =>
  open
    .selectFrom('carts')
    .select('id')
    .where('session_hash', '=', p.session_hash)
    .where('channel', '=', p.channel)
    .where('closed_as', 'is', null)
    .where((eb) => eb.or([sql<boolean>`converting`, eb('expires_at', '>', p.now)]))
    .orderBy('id', 'desc')
    .limit(1),
)

/** The id of the cart that the caller has in this channel, if they have one. */
export async function currentCartId(ctx: Context, of: CartOf): Promise<Id<'cart'> | undefined> {
  const owner = ownerOf(ctx, of)
  const asked = { channel: of.channel, now: ctx.now }
  if (owner?.customer_id) return (await newestOfCustomer.first(ctx, { ...asked, ...owner }))?.id
  if (owner?.session_hash) return (await newestOfGuest.first(ctx, { ...asked, ...owner }))?.id
  return undefined
}

/** The caller's cart in this channel at the prices of now; undefined if they have none. */
export async function currentCart(ctx: Context, of: CartOf): Promise<CartWithItems | undefined> {
  const id = await currentCartId(ctx, of)
  if (!id) return undefined
  const stored = await findCart(ctx, { id, session_id: of.session_id })
  return cartWithItemsOf({ ctx, stored, told: await pricedCart(ctx, stored) })
}

/** The same for the call of a customer who may bring a guest's lines: those are merged first. */
export async function fetchCurrentCart(
  ctx: Context,
  of: CartOf,
): Promise<CartWithItems | undefined> {
  await bringAlong(ctx, of)
  return currentCart(ctx, of)
}

/**
 * The id of the caller's cart in this channel, which is made if there is none: exactly one, however
 * many ask at the same moment. Throws `guests_refused`.
 */
export async function openCurrentCart(
  ctx: Context,
  of: CartOf & { currency?: string | undefined },
): Promise<Id<'cart'>> {
  await bringAlong(ctx, of)
  const known = await currentCartId(ctx, of)
  if (known) return known
  const owner = ownerOf(ctx, of)
  if (!owner || (owner.session_hash && !ctx.settings.guest_carts)) throw cartErrors.guests_refused()
  await lockEntity(ctx, 'cart_owner', owner.customer_id ?? owner.session_hash)
  const made = await currentCartId(ctx, of)
  if (made) return made
  const currency = parseCurrency(of.currency ?? ctx.settings.default_currency)
  const fresh = newCart(ctx, { ...owner, currency, channel: of.channel })
  const { id: cart_id, customer_id } = fresh
  await insertCarts(ctx, { rows: [fresh] })
  emit(ctx, cartEvents.created({ cart_id, customer_id, currency }))
  return cart_id
}

async function bringAlong(ctx: Context, { channel, session_id }: CartOf): Promise<void> {
  if (session_id && ctx.actor.customer_id) await absorbSession(ctx, { session_id, channel })
}

function ownerOf({ actor }: Context, { session_id }: CartOf): Owner | undefined {
  const { customer_id } = actor
  if (customer_id) return { customer_id, session_hash: null }
  return session_id ? { customer_id: null, session_hash: hashSession(session_id) } : undefined
}
