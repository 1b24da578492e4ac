import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import type { Bound } from '#platform/database/prepared'
import { updateChanged } from '#platform/database/update-changed'
import { writeTogether } from '#platform/database/write-together'
import type { StoredCart } from './find.ts'
import { amountsOf, type PricedCart } from './pricing.ts'
import { type CartRow, db } from './tables.ts'

const DAY_MS = 86_400_000

/** When a cart that is touched now will expire. */
export const expiryFrom = ({ now, settings }: Context): string =>
  new Date(Date.parse(now) + settings.cart_lifetime_days * DAY_MS).toISOString()

/** Changes in quick succession share one expiry: it stands in an index, and each move costs. */
const STEP_MS = 60_000

/** The expiry of a cart that is touched now: at most a minute sooner than a new one's. */
function slid(ctx: Context, { expires_at }: CartRow): string {
  const later = expiryFrom(ctx)
  return Date.parse(later) - Date.parse(expires_at) < STEP_MS ? expires_at : later
}

const updateCart = updateChanged<CartRow, unknown>(db as never, {
  table: 'carts',
  columns: [
    'currency',
    'email',
    'destination',
    'shipping_method',
    'metadata',
    'line_count',
    'unit_count',
    'coupon_count',
    'subtotal_amount',
    'discount_amount',
    'shipping_amount',
    'tax_amount',
    'total_amount',
    'version',
    'expires_at',
    'updated_at',
    'converting',
    'checkout_at',
    'closed_as',
    'closed_at',
    'order_id',
    'merged_into_id',
  ],
  where: sql`closed_as is null`,
})

type Change = {
  /** The cart as it was read. */
  before: Pick<StoredCart, 'cart'>
  /** The cart as it shall be, with its lines and codes. */
  after: StoredCart
  /** What it comes to then. Without it the amounts stay as they are. */
  told?: Pick<PricedCart, 'priced'> | undefined
  /** The writes of its lines and codes, with how many rows each must touch. */
  writes?: Record<string, { write: Bound<unknown>; rows: number }>
}

/**
 * Stores a change of an open cart and its events in one round trip, guarded by the version that was
 * read: a closed cart never changes. Answers the cart as stored. Expiry slides.
 */
export async function saveCart(ctx: Context, { before, after, told, writes = {} }: Change) {
  const { lines, coupons } = after
  const cart: CartRow = {
    ...after.cart,
    ...(told && amountsOf(told)),
    line_count: lines.length,
    unit_count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    coupon_count: coupons.length,
    version: before.cart.version + 1,
    expires_at: slid(ctx, after.cart),
    updated_at: ctx.now,
  }
  const bound = Object.fromEntries(Object.entries(writes).map(([name, { write }]) => [name, write]))
  const results: Record<string, { affected: number }> = await writeTogether(ctx, {
    ...bound,
    cart: updateCart(ctx, before.cart, cart),
  })
  const wanted = { ...writes, cart: { rows: 1 } }
  for (const [name, { rows }] of Object.entries(wanted)) {
    if (results[name]?.affected !== rows) throw new TryAgain(`the ${name} of a cart changed`)
  }
  return { ...after, cart }
}
