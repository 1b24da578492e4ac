import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { db } from './tables.ts'

const { wishlists, wishlist_items } = db.tables
const { id, name, share_token, version, created_at, updated_at } = wishlists.properties

/** More than anyone needs, and few enough to show at once. */
export const WISHLISTS_MAX = 50
export const ITEMS_MAX = 200

export const WishlistItem = Type.Object({
  variant_id: wishlist_items.properties.variant_id,
  note: wishlist_items.properties.note,
  added_at: Instant,
  variant: Nullable(
    Type.Object(
      {
        product_id: IdSchema('product'),
        product_name: Type.String(),
        sku: Type.String(),
        name: Type.String(),
      },
      { description: 'Null if it is no longer in the catalogue.' },
    ),
  ),
})
export type WishlistItem = Static<typeof WishlistItem>

/** A list as it stands among others. */
export const WishlistRow = Type.Object({
  id,
  name,
  share_token,
  item_count: Type.Integer(),
  version,
  created_at,
  updated_at,
})
export type WishlistRow = Static<typeof WishlistRow>

export const Wishlist = Type.Object({
  ...WishlistRow.properties,
  items: Type.Array(WishlistItem, { description: 'Newest first.' }),
})
export type Wishlist = Static<typeof Wishlist>

/** What somebody sees who was given the token: nothing of whose list it is, and no notes. */
export const SharedWishlist = Type.Object({
  name,
  items: Type.Array(Type.Omit(WishlistItem, ['note'])),
})
export type SharedWishlist = Static<typeof SharedWishlist>

const variant_id = IdSchema('variant')
const Name = Text(100)

export const ListWishlists = Type.Object(pageQuery)
export const ByWishlist = Type.Object({ wishlist_id: IdSchema('wishlist') })
export type ByWishlist = Static<typeof ByWishlist>

export const CreateWishlist = Type.Object({
  name: Name,
  variant_ids: Type.Optional(Type.Array(variant_id, { maxItems: ITEMS_MAX, uniqueItems: true })),
})
export type CreateWishlist = Static<typeof CreateWishlist>

export const RenameWishlist = Type.Object({ ...ByWishlist.properties, name: Name })
export type RenameWishlist = Static<typeof RenameWishlist>

export const AddWish = Type.Object({
  ...ByWishlist.properties,
  variant_id,
  note: Type.Optional(Nullable(Text(500))),
})
export type AddWish = Static<typeof AddWish>

export const RemoveWish = Type.Object({ ...ByWishlist.properties, variant_id })
export type RemoveWish = Static<typeof RemoveWish>

export const ByShareToken = Type.Object({
  share_token: Type.String({ pattern: '^[A-Za-z0-9_-]{32}$', examples: ['q'.repeat(32)] }),
})
export type ByShareToken = Static<typeof ByShareToken>
