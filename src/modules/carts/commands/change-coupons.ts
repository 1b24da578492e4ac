import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { addCodes, dropCode, freePlace } from '../coupons.ts'
import { cartErrors } from '../errors.ts'
import { cartEvents } from '../events.ts'
import { CODES_MAX } from '../limits.ts'
import { normalCode, requireUsable } from '../offers.ts'
import { openCart } from '../open-cart.ts'
import { pricedCart } from '../pricing.ts'
import { saveCart } from '../save.ts'
import type { AddCoupon, Cart } from '../schemas.ts'
import { cartOf } from '../wire.ts'

/** Enters a code. One that cannot be used at all is refused; entering it twice is harmless. */
export async function addCoupon(ctx: Context, input: AddCoupon): Promise<Cart> {
  const before = await openCart(ctx, input)
  const code = normalCode(input.code)
  const { cart, coupons } = before
  if (coupons.some((coupon) => coupon.code === code)) {
    return cartOf({ ctx, stored: before, told: await pricedCart(ctx, before) })
  }
  if (coupons.length === CODES_MAX) throw cartErrors.too_many_coupons({ limit: CODES_MAX })
  const coupon = { code, position: freePlace(coupons) }
  const after = { ...before, coupons: [...coupons, coupon] }
  const told = await pricedCart(ctx, after)
  requireUsable(told, [code])
  emit(ctx, cartEvents.updated({ cart_id: cart.id, changed: ['coupons'] }))
  const rows = [{ ...coupon, cart_id: cart.id, added_at: ctx.now }]
  const writes = { coupon: { write: addCodes.bind(ctx, { rows }), rows: 1 } }
  const stored = await saveCart(ctx, { before, after, told, writes })
  return cartOf({ ctx, stored, told })
}

/** Takes a code out. */
export async function removeCoupon(ctx: Context, input: AddCoupon): Promise<Cart> {
  const before = await openCart(ctx, input)
  const code = normalCode(input.code)
  const { cart, coupons } = before
  const after = { ...before, coupons: coupons.filter((coupon) => coupon.code !== code) }
  if (after.coupons.length === coupons.length) {
    throw cartErrors.coupon_not_found({ coupon: input.code })
  }
  const told = await pricedCart(ctx, after)
  emit(ctx, cartEvents.updated({ cart_id: cart.id, changed: ['coupons'] }))
  const writes = { coupon: { write: dropCode.bind(ctx, { cart_id: cart.id, code }), rows: 1 } }
  const stored = await saveCart(ctx, { before, after, told, writes })
  return cartOf({ ctx, stored, told })
}
