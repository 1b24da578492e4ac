import type { Id } from '#kit/ids'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import type { Coupon } from './find.ts'
import { db } from './tables.ts'

/** Codes entered into a cart. The position, from 1 to 10, makes an eleventh impossible. */
export const addCodes = insertRows(db, 'cart_coupons')

/** The first place that is free: a code that was taken out leaves one. */
export function freePlace(coupons: readonly Coupon[]): number {
  const taken = new Set(coupons.map(({ position }) => position))
  let position = 1
  while (taken.has(position)) position++
  return position
}

/** Takes a code out. */
export const dropCode = prepared(db, (open, p: { cart_id: Id<'cart'>; code: string }) =>
  open.deleteFrom('cart_coupons').where('cart_id', '=', p.cart_id).where('code', '=', p.code),
)
