import { parseCurrency } from '#kit/money'
import { customerErrors, findCustomer } from '#modules/customers'
import type { Context } from '#platform/context'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { tidied } from '../choices.ts'
import { addCodes } from '../coupons.ts'
import { cartErrors } from '../errors.ts'
import { cartEvents } from '../events.ts'
import { lockedCart, type StoredCart } from '../find.ts'
import { fill, fitting, requireStock, tellAdded } from '../items.ts'
import { addUnits } from '../lines.ts'
import { absorbSession } from '../merging.ts'
import { insertCarts, newCart, type Owner } from '../new-cart.ts'
import { normalCode, requireUsable } from '../offers.ts'
import { staffMay } from '../owners.ts'
import { amountsOf, pricedCart } from '../pricing.ts'
import type { Cart, CreateCart } from '../schemas.ts'
import { hashSession, newSession } from '../sessions.ts'
import { cartOf } from '../wire.ts'

/**
 * Opens a cart: a customer's own, or a guest's, who is told their secret once if they bring none. A
 * customer who brings a guest's secret gets what the guest had gathered into it.
 */
export async function createCart(ctx: Context, input: CreateCart): Promise<Cart> {
  const { owner, session_id } = await ownerOf(ctx, input)
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const cart = {
    ...newCart(ctx, { ...owner, currency }),
    email: input.email ?? null,
    destination: input.shipping_address
      ? tidied(input.shipping_address, 'shipping_address.')
      : null,
    metadata: fitting(input.metadata, 'metadata') ?? null,
  }
  const stored = await store(ctx, input, { cart, lines: [], coupons: [] })
  if (owner.customer_id === null || !input.session_id || !ctx.actor.customer_id) {
    return cartOf({ ctx, ...stored }, session_id)
  }
  await absorbSession(ctx, { session_id: input.session_id, into: cart.id })
  const merged = (await lockedCart(ctx, cart.id)) ?? stored.stored
  return cartOf({ ctx, stored: merged, told: await pricedCart(ctx, merged) })
}

type Belongs = { owner: Owner; session_id: string | null }

async function ownerOf(ctx: Context, input: CreateCart): Promise<Belongs> {
  const { actor, settings } = ctx
  const named = input.customer_id ?? null
  if (named !== null && named !== actor.customer_id) {
    if (!staffMay(actor, 'create')) throw cartErrors.other_owner()
    if (!(await findCustomer(ctx, named))) throw customerErrors.not_found({ customer_id: named })
  }
  const customer_id = named ?? actor.customer_id
  if (customer_id) return { owner: { customer_id, session_hash: null }, session_id: null }
  if (!settings.guest_carts && !staffMay(actor, 'create')) throw cartErrors.guests_refused()
  const session_id = input.session_id ?? newSession()
  return { owner: { customer_id: null, session_hash: hashSession(session_id) }, session_id }
}

/** Cart, lines, codes and events in one round trip. */
async function store(ctx: Context, input: CreateCart, empty: StoredCart) {
  const wanted = (input.items ?? []).map((item, nth) => ({ item, at: `items.${nth}.` }))
  const filled =
    wanted.length > 0
      ? await fill(ctx, empty, wanted)
      : { after: empty, rows: [], catalogue: new Map() }
  const codes = [...new Set((input.coupon_codes ?? []).map(normalCode))]
  const coupons = codes.map((code, nth) => ({ code, position: nth + 1 }))
  const told = await pricedCart(ctx, { ...filled.after, coupons }, { catalogue: filled.catalogue })
  requireStock(empty, told)
  requireUsable(told, codes)
  const { id: cart_id, customer_id, currency } = empty.cart
  const lines = filled.after.lines
  const cart = {
    ...empty.cart,
    ...amountsOf(told),
    line_count: lines.length,
    unit_count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    coupon_count: coupons.length,
  }
  emit(ctx, cartEvents.created({ cart_id, customer_id, currency }))
  tellAdded(ctx, filled)
  const rows = coupons.map((coupon) => ({ ...coupon, cart_id, added_at: ctx.now }))
  await writeTogether(ctx, {
    cart: insertCarts.bind(ctx, { rows: [cart] }),
    ...(lines.length > 0 && { lines: addUnits.bind(ctx, { rows: filled.rows }) }),
    ...(rows.length > 0 && { coupons: addCodes.bind(ctx, { rows }) }),
  })
  return { stored: { cart, lines, coupons }, told }
}
