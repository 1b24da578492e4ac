import { catalogueErrors } from '#modules/catalogue'
import { command, type Operation, process } from '#platform/operations'
import { addToCart, clearCart, getCart } from './carts.ts'
import { checkOut } from './check-out.ts'
import { confirmIntent } from './confirm-intent.ts'
import { ecommerceErrors as errors } from './errors.ts'
import { createIntent } from './intents.ts'
import { createProduct, seedProducts } from './new-products.ts'
import { getOrder } from './orders.ts'
import { receivePaymentEvent } from './payment-events.ts'
import { getProduct, listProducts } from './products.ts'
import * as of from './schemas.ts'

const AT = '/api/v1/ecommerce'
// Whose cart, order or intent it is, each function looks for itself.
const open = { permission: 'public' } as const
const inOneGo = { ...open, isolation: 'read committed' } as const

/**
 * What the e-commerce face can do, by the paths under which it serves them. They are none of the
 * house's own operations: only that face speaks of things by these names.
 */
export const ecommerceOperations: Readonly<Record<string, Operation>> = {
  listProducts: process('ecommerce.list_products', {
    ...open,
    rest: `GET ${AT}/products`,
    summary: 'List products, oldest first',
    input: of.SearchProducts,
    output: of.Products,
    run: listProducts,
  }),
  searchProducts: process('ecommerce.search_products', {
    ...open,
    rest: `GET ${AT}/products/search`,
    summary: 'Search products by name, SKU, price and stock',
    input: of.SearchProducts,
    output: of.Products,
    run: listProducts,
  }),
  getProduct: process('ecommerce.get_product', {
    ...open,
    rest: `GET ${AT}/products/:product_id`,
    summary: 'Read a product',
    input: of.GetProduct,
    output: of.Product,
    errors: [errors.product_not_found],
    run: getProduct,
  }),
  createProduct: command('ecommerce.create_product', {
    rest: `POST ${AT}/products`,
    permission: 'inventory:adjust',
    summary: 'Put a product with its stock into the catalogue',
    status: 201,
    input: of.CreateProduct,
    output: of.Product,
    errors: [catalogueErrors.sku_taken],
    run: createProduct,
  }),
  seedProducts: command('ecommerce.seed_products', {
    rest: `POST ${AT}/products/seed`,
    permission: 'inventory:adjust',
    summary: 'Put the three sample products into the catalogue, if they are missing',
    status: 201,
    input: of.OfCaller,
    output: of.Products,
    run: seedProducts,
  }),
  addToCart: command('ecommerce.add_to_cart', {
    ...inOneGo,
    rest: `POST ${AT}/cart/items`,
    summary: 'Put units of a product into the cart',
    input: of.AddToCart,
    output: of.Cart,
    errors: [errors.product_not_found, errors.cart_stock, errors.cart_currency],
    run: addToCart,
  }),
  getCart: process('ecommerce.get_cart', {
    ...open,
    rest: `GET ${AT}/cart`,
    summary: 'Read the cart',
    input: of.OfCaller,
    output: of.Cart,
    run: getCart,
  }),
  clearCart: command('ecommerce.clear_cart', {
    ...inOneGo,
    rest: `DELETE ${AT}/cart`,
    summary: 'Take everything out of the cart',
    input: of.OfCaller,
    output: of.Cart,
    run: clearCart,
  }),
  checkOut: command('ecommerce.check_out', {
    ...inOneGo,
    rest: `POST ${AT}/checkout`,
    summary: 'Make the order of the cart, to be paid later',
    status: 201,
    input: of.CheckOut,
    output: of.Order,
    errors: [errors.cart_empty, errors.checkout_stock, errors.cart_in_checkout],
    run: checkOut,
  }),
  getOrder: process('ecommerce.get_order', {
    ...open,
    rest: `GET ${AT}/orders/:order_id`,
    summary: 'Read an order',
    input: of.GetOrder,
    output: of.Order,
    errors: [errors.order_not_found],
    run: getOrder,
  }),
  createIntent: command('ecommerce.create_intent', {
    ...inOneGo,
    rest: `POST ${AT}/payments/intents`,
    summary: 'Begin to pay an order',
    status: 201,
    input: of.CreateIntent,
    output: of.Intent,
    errors: [errors.order_not_found, errors.already_paid],
    run: createIntent,
  }),
  confirmIntent: process('ecommerce.confirm_intent', {
    ...open,
    rest: `POST ${AT}/payments/intents/:intent_id/confirm`,
    summary: 'Take the money of a payment intent',
    input: of.ConfirmIntent,
    output: of.Intent,
    errors: [errors.intent_not_found, errors.already_paid],
    run: confirmIntent,
  }),
  receiveEvent: process('ecommerce.receive_payment_event', {
    ...open,
    rest: `POST ${AT}/webhooks/payments`,
    summary: 'Hear from the provider how a payment stands',
    status: 202,
    input: of.PaymentEvent,
    output: of.Acknowledged,
    errors: [errors.unsupported_event, errors.order_not_found],
    run: receivePaymentEvent,
  }),
}
