import { customerErrors } from '#modules/customers'
import { inventoryErrors } from '#modules/inventory'
import { pricingErrors } from '#modules/pricing'
import { command, Nothing, query } from '#platform/operations'
import { abandonCart } from './commands/abandon-cart.ts'
import { addItem } from './commands/add-item.ts'
import { addCoupon, removeCoupon } from './commands/change-coupons.ts'
import { setShippingAddress, setShippingMethod } from './commands/choose-shipping.ts'
import { clearCart } from './commands/clear-cart.ts'
import { createCart } from './commands/create-cart.ts'
import { mergeCarts } from './commands/merge-carts.ts'
import { removeItem, setItem } from './commands/set-item.ts'
import { updateCart } from './commands/update-cart.ts'
import { cartErrors as errors } from './errors.ts'
import { cartLifecycle } from './lifecycle.ts'
import { getCart, listCarts } from './queries.ts'
import * as of from './schemas.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const session_id = 'kD3vXw0qTgS8mZr5yHbN1cLe'
const ITEM_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e11'
// Customers use their own carts, guests those whose secret they know. So anyone may ask, and each
// command looks whose cart it is; what is another's is not there.
const open = { permission: 'public', isolation: 'read committed' } as const
const changing = [errors.not_found, errors.not_open, pricingErrors.too_large]
const filling = [
  errors.unknown_product,
  errors.no_price,
  errors.too_many_lines,
  errors.too_many_units,
  inventoryErrors.insufficient_stock,
]

export const operations = [
  query('carts.list', {
    rest: 'GET /api/v1/carts',
    permission: 'public',
    summary: 'List carts',
    description:
      "A customer's own, or those of a guest's `session_id`; staff sees all. Amounts are those of the last change.",
    input: of.ListCarts,
    output: of.Carts,
    example: { status: 'Active', limit: 20 },
    run: listCarts,
  }),
  command('carts.create', {
    ...open,
    rest: 'POST /api/v1/carts',
    summary: 'Open a cart',
    description:
      'Customers get one of their own. A guest is told a `session_id` once: their secret for every further call. ' +
      'A customer who sends one gets what that guest had gathered.',
    status: 201,
    secret: true,
    input: of.CreateCart,
    output: of.Cart,
    errors: [
      errors.guests_refused,
      errors.other_owner,
      customerErrors.not_found,
      errors.coupon_refused,
      pricingErrors.too_large,
      ...filling,
    ],
    example: { currency: 'USD', metadata: { channel: 'web' } },
    run: createCart,
  }),
  command('carts.merge', {
    ...open,
    rest: 'POST /api/v1/carts/merge',
    aliases: ['POST /api/v1/carts/:id/merge'],
    summary: "Merge a guest's cart into the caller's",
    description:
      'Quantities are summed and capped at what is in stock, which a notice tells. It happens once, also by itself ' +
      'on the first signed-in change that carries the `session_id`.',
    permission: 'signed_in',
    input: of.MergeCarts,
    output: of.Cart,
    errors: [errors.not_a_customer, errors.not_found, pricingErrors.too_large],
    example: { session_id },
    run: mergeCarts,
  }),
  query('carts.get', {
    rest: 'GET /api/v1/carts/:id',
    permission: 'public',
    summary: 'Read a cart with its items',
    description: 'Open carts at the prices and the stock of now; `notices` tells what changed.',
    input: of.GetCart,
    output: of.CartWithItems,
    errors: [errors.not_found, pricingErrors.too_large],
    example: { id, session_id },
    run: getCart,
  }),
  command('carts.update', {
    ...open,
    rest: 'PUT /api/v1/carts/:id',
    aliases: ['PATCH /api/v1/carts/:id'],
    summary: "Change a cart's currency, e-mail or metadata",
    description: 'Another currency prices all lines anew, or is refused if one has no price in it.',
    input: of.UpdateCart,
    output: of.Cart,
    errors: [...changing, errors.no_price],
    example: { id, session_id, email: 'ada@example.com' },
    run: updateCart,
  }),
  command('carts.abandon', {
    ...open,
    rest: 'DELETE /api/v1/carts/:id',
    summary: 'Give a cart up',
    status: 204,
    input: of.GetCart,
    output: Nothing,
    errors: [errors.not_found, errors.not_open, ...cartLifecycle.refusals('abandon')],
    example: { id, session_id },
    run: abandonCart,
  }),
  command('carts.clear', {
    ...open,
    rest: 'POST /api/v1/carts/:id/clear',
    summary: 'Take all items out of a cart',
    input: of.GetCart,
    output: of.Cleared,
    errors: [errors.not_found, errors.not_open],
    example: { id, session_id },
    run: clearCart,
  }),
  command('carts.add_item', {
    ...open,
    rest: 'POST /api/v1/carts/:id/items',
    summary: 'Put an item into a cart',
    description:
      'By `variant_id`, `sku` or `product_id`. Units of a variant that is there already go on its line. ' +
      'More than is in stock is refused.',
    input: of.AddItem,
    output: of.Cart,
    errors: [...changing, ...filling],
    example: { id, session_id, sku: 'MUG-BLUE', quantity: 2 },
    run: addItem,
  }),
  command('carts.set_item', {
    ...open,
    rest: 'PUT /api/v1/carts/:id/items/:item_id',
    aliases: ['PATCH /api/v1/carts/:id/items/:item_id'],
    summary: "Set an item's quantity",
    input: of.SetItem,
    output: of.Cart,
    errors: [...changing, errors.item_not_found, inventoryErrors.insufficient_stock],
    example: { id, session_id, item_id: ITEM_ID, quantity: 3 },
    run: setItem,
  }),
  command('carts.remove_item', {
    ...open,
    rest: 'DELETE /api/v1/carts/:id/items/:item_id',
    summary: 'Take an item out of a cart',
    status: 204,
    input: of.RemoveItem,
    output: Nothing,
    errors: [...changing, errors.item_not_found],
    example: { id, session_id, item_id: ITEM_ID },
    run: removeItem,
  }),
  command('carts.add_coupon', {
    ...open,
    rest: 'POST /api/v1/carts/:id/coupons',
    summary: 'Enter a coupon code',
    description:
      'One that is unknown, over or used up is refused; one that waits for more in the cart stays, and `adjustments` ' +
      'says why it brings nothing yet.',
    input: of.AddCoupon,
    output: of.Cart,
    errors: [...changing, errors.coupon_refused, errors.too_many_coupons],
    example: { id, session_id, code: 'WELCOME10' },
    run: addCoupon,
  }),
  command('carts.remove_coupon', {
    ...open,
    rest: 'DELETE /api/v1/carts/:id/coupons/:code',
    summary: 'Take a coupon code out',
    input: of.AddCoupon,
    output: of.Cart,
    errors: [...changing, errors.coupon_not_found],
    example: { id, session_id, code: 'WELCOME10' },
    run: removeCoupon,
  }),
  command('carts.set_shipping_address', {
    ...open,
    rest: 'PUT /api/v1/carts/:id/shipping-address',
    summary: 'Say where a cart shall go',
    description: 'The country is enough for an estimate of tax and shipping.',
    input: of.SetShippingAddress,
    output: of.Cart,
    errors: changing,
    example: { id, session_id, country_code: 'US', province: 'ME', postal_code: '04101' },
    run: setShippingAddress,
  }),
  command('carts.set_shipping_method', {
    ...open,
    rest: 'PUT /api/v1/carts/:id/shipping-method',
    summary: 'Choose how a cart is sent',
    input: of.SetShippingMethod,
    output: of.Cart,
    errors: [...changing, errors.no_such_method],
    example: { id, session_id, method: 'Standard' },
    run: setShippingMethod,
  }),
]
