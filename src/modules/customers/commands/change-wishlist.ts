import { randomBytes } from 'node:crypto'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { customerErrors } from '../errors.ts'
import { getCustomer } from '../find.ts'
import { selfOf } from '../queries.ts'
import { db } from '../tables.ts'
import { knownVariants } from '../variants.ts'
import {
  type AddWish,
  type ByWishlist,
  type CreateWishlist,
  ITEMS_MAX,
  type RemoveWish,
  type RenameWishlist,
  WISHLISTS_MAX,
  type Wishlist,
} from '../wishlist-schemas.ts'
import { findWishlist, getWishlist } from '../wishlists.ts'

const insertItems = insertRows(db, 'wishlist_items')
/** 192 bits of chance: nobody finds a list that was not shown to them. */
const TOKEN_BYTES = 24

/** Makes a wishlist of one's own, perhaps with something on it. */
export async function createWishlist(ctx: Context, input: CreateWishlist): Promise<Wishlist> {
  // A token may have been read just before its customer went.
  const { id: customer_id } = await getCustomer(ctx, selfOf(ctx))
  const { variant_ids = [] } = input
  await requireVariants(ctx, variant_ids)
  await lockEntity(ctx, 'customer', customer_id)
  const others = await db(ctx)
    .selectFrom('wishlists')
    .select('id')
    .where('customer_id', '=', customer_id)
    .limit(WISHLISTS_MAX)
    .execute()
  if (others.length === WISHLISTS_MAX) {
    throw customerErrors.too_many_wishlists({ wishlists_max: WISHLISTS_MAX })
  }
  const id = ctx.newId('wishlist')
  await db(ctx)
    .insertInto('wishlists')
    .values({ id, customer_id, name: input.name, share_token: null, ...firstVersion(ctx) })
    .execute()
  const rows = variant_ids.map((variant_id) => item(ctx, { wishlist_id: id, variant_id }))
  if (rows.length > 0) await insertItems(ctx, { rows })
  return getWishlist(ctx, { wishlist_id: id })
}

const firstVersion = ({ now }: Context) => ({ version: 1, created_at: now, updated_at: now })

const item = (ctx: Context, wish: AddWish) => ({
  wishlist_id: wish.wishlist_id,
  variant_id: wish.variant_id,
  note: wish.note ?? null,
  added_at: ctx.now,
})

async function requireVariants(ctx: Context, ids: readonly Id<'variant'>[]): Promise<void> {
  if (ids.length === 0) return
  const known = await knownVariants.of(ctx).knownVariants(ctx, ids)
  const unknown = ids.find((id) => !known.has(id))
  if (unknown) throw customerErrors.unknown_variant({ variant_id: unknown })
}

/** Gives a wishlist another name. */
export async function renameWishlist(ctx: Context, input: RenameWishlist): Promise<Wishlist> {
  await touch(ctx, input, { name: input.name })
  return getWishlist(ctx, input)
}

/** Puts a variant on a wishlist; one that is on it already stays, with the note sent now. */
export async function addWish(ctx: Context, wish: AddWish): Promise<Wishlist> {
  const { wishlist_id, variant_id } = wish
  await touch(ctx, wish)
  const { numDeletedRows } = await removal(ctx, wish).executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) {
    await requireVariants(ctx, [variant_id])
    const { item_count } = await findWishlist(ctx, { wishlist_id })
    if (item_count >= ITEMS_MAX) throw customerErrors.wishlist_full({ items_max: ITEMS_MAX })
  }
  await insertItems(ctx, { rows: [item(ctx, wish)] })
  return getWishlist(ctx, wish)
}

/** Takes a variant off a wishlist; one that is not on it is fine. */
export async function removeWish(ctx: Context, wish: RemoveWish): Promise<void> {
  await touch(ctx, wish)
  await removal(ctx, wish).execute()
}

const removal = (ctx: Context, { wishlist_id, variant_id }: RemoveWish) =>
  db(ctx)
    .deleteFrom('wishlist_items')
    .where('wishlist_id', '=', wishlist_id)
    .where('variant_id', '=', variant_id)

/** Lets whoever is given the token read the list; one that is shared already keeps its token. */
export async function shareWishlist(ctx: Context, input: ByWishlist): Promise<Wishlist> {
  const { share_token } = await findWishlist(ctx, input)
  if (!share_token) {
    await touch(ctx, input, { share_token: randomBytes(TOKEN_BYTES).toString('base64url') })
  }
  return getWishlist(ctx, input)
}

/** From now on nobody reads the list by a token. */
export const unshareWishlist = (ctx: Context, input: ByWishlist): Promise<void> =>
  touch(ctx, input, { share_token: null })

/** Deletes a wishlist with what is on it. */
export async function deleteWishlist(ctx: Context, input: ByWishlist): Promise<void> {
  const { id, version } = await findWishlist(ctx, input)
  requireVersion(ctx, version)
  await db(ctx).deleteFrom('wishlist_items').where('wishlist_id', '=', id).execute()
  await db(ctx).deleteFrom('wishlists').where('id', '=', id).execute()
}

type Change = { name?: string; share_token?: string | null }

/** Writes the list before its items are, so that two writers of one list come after each other. */
async function touch(ctx: Context, named: ByWishlist, change: Change = {}): Promise<void> {
  const { id, version } = await findWishlist(ctx, named)
  requireVersion(ctx, version)
  await db(ctx)
    .updateTable('wishlists')
    .set({ ...change, version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
}
