import { PageOf } from '#kit/pages'
import { command, Nothing, query, requestErrors } from '#platform/operations'
import {
  addWish,
  createWishlist,
  deleteWishlist,
  removeWish,
  renameWishlist,
  shareWishlist,
  unshareWishlist,
} from './commands/change-wishlist.ts'
import { customerErrors } from './errors.ts'
import {
  AddWish,
  ByShareToken,
  ByWishlist,
  CreateWishlist,
  ListWishlists,
  RemoveWish,
  RenameWishlist,
  SharedWishlist,
  Wishlist,
  WishlistRow,
} from './wishlist-schemas.ts'
import { getSharedWishlist, getWishlist, listWishlists } from './wishlists.ts'

const PATH = '/api/v1/customers/me/wishlists'
const wishlist_id = '019aa5c0-0000-7000-8000-000000000001'
const variant_id = '019aa5c0-0000-7000-8000-000000000002'
const notMine = [customerErrors.not_a_customer, customerErrors.wishlist_not_found]
const { version_changed } = requestErrors

/** What a customer would like to have: several lists by name, to keep or to show to others. */
export const wishlistOperations = [
  query('customers.list_my_wishlists', {
    rest: `GET ${PATH}`,
    permission: 'signed_in',
    summary: 'List your wishlists',
    input: ListWishlists,
    output: PageOf(WishlistRow),
    errors: [customerErrors.not_a_customer],
    example: {},
    run: listWishlists,
  }),
  command('customers.create_my_wishlist', {
    rest: `POST ${PATH}`,
    permission: 'signed_in',
    status: 201,
    summary: 'Make a wishlist',
    input: CreateWishlist,
    output: Wishlist,
    errors: [
      customerErrors.not_a_customer,
      customerErrors.too_many_wishlists,
      customerErrors.unknown_variant,
    ],
    example: { name: 'Birthday' },
    run: createWishlist,
  }),
  query('customers.get_my_wishlist', {
    rest: `GET ${PATH}/:wishlist_id`,
    permission: 'signed_in',
    summary: 'Read a wishlist of yours',
    input: ByWishlist,
    output: Wishlist,
    errors: notMine,
    example: { wishlist_id },
    run: getWishlist,
  }),
  command('customers.rename_my_wishlist', {
    rest: `PUT ${PATH}/:wishlist_id`,
    permission: 'signed_in',
    summary: 'Rename a wishlist of yours',
    input: RenameWishlist,
    output: Wishlist,
    errors: [...notMine, version_changed],
    example: { wishlist_id, name: 'Christmas' },
    run: renameWishlist,
  }),
  command('customers.delete_my_wishlist', {
    rest: `DELETE ${PATH}/:wishlist_id`,
    permission: 'signed_in',
    status: 204,
    summary: 'Delete a wishlist of yours',
    input: ByWishlist,
    output: Nothing,
    errors: [...notMine, version_changed],
    example: { wishlist_id },
    run: async (ctx, input) => void (await deleteWishlist(ctx, input)),
  }),
  command('customers.add_wish', {
    rest: `POST ${PATH}/:wishlist_id/items`,
    permission: 'signed_in',
    status: 201,
    summary: 'Put a variant on a wishlist',
    description: 'One that is on it already stays, with the note sent now.',
    input: AddWish,
    output: Wishlist,
    errors: [
      ...notMine,
      customerErrors.unknown_variant,
      customerErrors.wishlist_full,
      version_changed,
    ],
    example: { wishlist_id, variant_id, note: 'The blue one' },
    run: addWish,
  }),
  command('customers.remove_wish', {
    rest: `DELETE ${PATH}/:wishlist_id/items/:variant_id`,
    permission: 'signed_in',
    status: 204,
    summary: 'Take a variant off a wishlist',
    input: RemoveWish,
    output: Nothing,
    errors: [...notMine, version_changed],
    example: { wishlist_id, variant_id },
    run: async (ctx, input) => void (await removeWish(ctx, input)),
  }),
  command('customers.share_my_wishlist', {
    rest: `POST ${PATH}/:wishlist_id/share`,
    permission: 'signed_in',
    summary: 'Share a wishlist of yours',
    description: 'Whoever is given the `share_token` may read the list, not who you are.',
    input: ByWishlist,
    output: Wishlist,
    errors: [...notMine, version_changed],
    example: { wishlist_id },
    run: shareWishlist,
  }),
  command('customers.unshare_my_wishlist', {
    rest: `DELETE ${PATH}/:wishlist_id/share`,
    permission: 'signed_in',
    status: 204,
    summary: 'Stop sharing a wishlist of yours',
    input: ByWishlist,
    output: Nothing,
    errors: [...notMine, version_changed],
    example: { wishlist_id },
    run: async (ctx, input) => void (await unshareWishlist(ctx, input)),
  }),
  query('customers.get_shared_wishlist', {
    rest: 'GET /api/v1/wishlists/shared/:share_token',
    permission: 'public',
    summary: 'Read a wishlist that was shared with you',
    input: ByShareToken,
    output: SharedWishlist,
    errors: [customerErrors.wishlist_not_found],
    example: { share_token: 'q'.repeat(32) },
    run: getSharedWishlist,
  }),
]
