import { cartErrors } from './errors.ts'
import type { PricedCart } from './pricing.ts'

/** A coupon code as carts keep it: neither case nor the space around it counts. */
export const normalCode = (code: string): string => code.trim().normalize('NFKC').toUpperCase()

/** What a cart may become worth later, so that the code stays and its reason is told. */
const HOPEFUL = ['minimum_not_reached', 'nothing_eligible', 'not_combinable', 'nothing_left']

/**
 * Refuses codes that cannot be used whatever is put into the cart: unknown, over, used up. Those
 * that only wait for more in the cart stay, and their reason is told. Throws `coupon_refused`.
 */
export function requireUsable({ refused }: PricedCart, codes: readonly string[]): void {
  for (const { code, reason, explanation } of refused) {
    if (code === null || HOPEFUL.includes(reason)) continue
    const coupon = normalCode(code)
    if (codes.includes(coupon)) throw cartErrors.coupon_refused({ coupon, explanation, reason })
  }
}
