import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertRows } from '#platform/tables'
import type { Channel } from './channel-names.ts'
import { expiryFrom } from './save.ts'
import { type CartRow, db } from './tables.ts'

export const insertCarts = insertRows(db, 'carts')

/** Whose a new cart is: a customer's, or a guest's by the hash of their secret. */
export type Owner =
  | { customer_id: Id<'customer'>; session_hash: null }
  | { customer_id: null; session_hash: string }

/** The row of an empty cart. */
export const newCart = (
  ctx: Context,
  of: Owner & { currency: string; channel?: Channel | null },
): CartRow => ({
  id: ctx.newId('cart'),
  channel: null,
  ...of,
  email: null,
  destination: null,
  shipping_method: null,
  metadata: null,
  line_count: 0,
  unit_count: 0,
  coupon_count: 0,
  subtotal_amount: 0,
  discount_amount: 0,
  shipping_amount: 0,
  tax_amount: 0,
  total_amount: 0,
  converting: false,
  checkout_at: null,
  closed_as: null,
  closed_at: null,
  order_id: null,
  merged_into_id: null,
  version: 1,
  expires_at: expiryFrom(ctx),
  created_at: ctx.now,
  updated_at: ctx.now,
})
