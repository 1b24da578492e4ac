import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Page, PageQuery } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { customerErrors } from './errors.ts'
import { selfOf } from './queries.ts'
import { db } from './tables.ts'
import { knownVariants } from './variants.ts'
import type {
  ByShareToken,
  ByWishlist,
  SharedWishlist,
  Wishlist,
  WishlistItem,
  WishlistRow,
} from './wishlist-schemas.ts'

const itemCount = sql<number>`(select count(*) from wishlist_items as item
  where item.wishlist_id = wishlists.id)`.as('item_count')

const rowsOf = (ctx: Context) =>
  db(ctx)
    .selectFrom('wishlists')
    .select(['id', 'name', 'share_token', 'version', 'created_at', 'updated_at'])
    .select(itemCount)

/** One's own wishlists, newest first. */
export async function listWishlists(ctx: Context, input: PageQuery): Promise<Page<WishlistRow>> {
  const customer_id = selfOf(ctx)
  const rows = rowsOf(ctx).where('customer_id', '=', customer_id)
  return pageById(ctx, input, { name: 'wishlists', rows, tell: (wishlists) => wishlists })
}

/** One of one's own wishlists. Throws WISHLIST_NOT_FOUND (404), also for a foreign one. */
export async function findWishlist(ctx: Context, { wishlist_id }: ByWishlist) {
  const found = await rowsOf(ctx)
    .where('id', '=', wishlist_id)
    .where('customer_id', '=', selfOf(ctx))
    .executeTakeFirst()
  if (!found) throw customerErrors.wishlist_not_found()
  return found
}

/** The same with what is on it. */
export async function getWishlist(ctx: Context, input: ByWishlist): Promise<Wishlist> {
  const wishlist = await findWishlist(ctx, input)
  return { ...wishlist, items: await itemsOf(ctx, wishlist.id) }
}

/** A list that somebody shared, for whoever has the token. */
export async function getSharedWishlist(
  ctx: Context,
  { share_token }: ByShareToken,
): Promise<SharedWishlist> {
  const found = await db(ctx)
    .selectFrom('wishlists')
    .select(['id', 'name'])
    .where('share_token', '=', share_token)
    .executeTakeFirst()
  if (!found) throw customerErrors.wishlist_not_found()
  const items = await itemsOf(ctx, found.id)
  return { name: found.name, items: items.map(({ note: _, ...item }) => item) }
}

async function itemsOf(ctx: Context, wishlist_id: Id<'wishlist'>): Promise<WishlistItem[]> {
  const items = await db(ctx)
    .selectFrom('wishlist_items')
    .select(['variant_id', 'note', 'added_at'])
    .where('wishlist_id', '=', wishlist_id)
    .orderBy('added_at', 'desc')
    .orderBy('variant_id')
    .execute()
  const ids = items.map(({ variant_id }) => variant_id)
  const known = await knownVariants.of(ctx).knownVariants(ctx, ids)
  return items.map((item) => ({ ...item, variant: known.get(item.variant_id) ?? null }))
}
