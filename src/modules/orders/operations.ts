import { customerErrors } from '#modules/customers'
import { inventoryErrors } from '#modules/inventory'
import { command, Nothing, query } from '#platform/operations'
import { bulkOperations } from './bulk/operations.ts'
import { changeOperations } from './changes/operations.ts'
import { archiveOrder } from './commands/archive-order.ts'
import { cancelOrder } from './commands/cancel-order.ts'
import { createOrder } from './commands/create-order.ts'
import { deleteOrder } from './commands/delete-order.ts'
import { setStatus } from './commands/set-status.ts'
import { deskOperations } from './desk/operations.ts'
import { editOperations } from './edit-operations.ts'
import { orderErrors as errors } from './errors.ts'
import { orderLifecycle } from './lifecycle.ts'
import { listMyOrders, listOrders } from './list/list-orders.ts'
import { getOrderByNumber, listItems, showOrder } from './queries.ts'
import { refundOperations } from './refunds/operations.ts'
import * as of from './schemas.ts'
import { statisticsOperations } from './statistics/operations.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const EXAMPLE_ADDRESS = {
  name: 'Ada Brook',
  street: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}

export const operations = [
  query('orders.list', {
    rest: 'GET /api/v1/orders',
    permission: 'orders:read',
    summary: 'List orders',
    description:
      'Archived ones only if they are asked for, deleted ones never; customers see their own. Go on with `cursor`: every page costs the same. Where many filters hardly meet, a page may hold fewer orders than asked for, or none, and still name the next one: each request looks at a bounded number of orders.',
    input: of.ListOrders,
    output: of.Orders,
    example: {
      status: ['pending', 'confirmed'],
      tag: ['vip'],
      sort_by: 'created_at',
      sort_order: 'desc',
      limit: 20,
    },
    run: listOrders,
  }),
  query('orders.list_mine', {
    rest: 'GET /api/v1/orders/my-orders',
    permission: 'signed_in',
    summary: 'List my own orders',
    input: of.ListMyOrders,
    output: of.Orders,
    errors: [errors.not_a_customer],
    example: { include_items: true },
    run: listMyOrders,
  }),
  query('orders.get_by_number', {
    rest: 'GET /api/v1/orders/by-number/:order_number',
    permission: 'orders:read',
    summary: 'Read an order by its number',
    input: of.GetByNumber,
    output: of.OrderShown,
    errors: [errors.not_found],
    example: { order_number: 'ORD-1000001' },
    run: getOrderByNumber,
  }),
  query('orders.get', {
    rest: 'GET /api/v1/orders/:id',
    permission: 'orders:read',
    summary: 'Read an order with its items',
    input: of.ShowOrder,
    output: of.OrderShown,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: showOrder,
  }),
  query('orders.list_items', {
    rest: 'GET /api/v1/orders/:id/items',
    permission: 'orders:read',
    summary: "List an order's items",
    input: of.GetOrder,
    output: of.Items,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: listItems,
  }),
  command('orders.create', {
    rest: 'POST /api/v1/orders',
    permission: 'orders:create',
    summary: 'Place an order',
    description:
      "Prices are the catalogue's of this moment; stock is reserved or the order is refused whole. " +
      'Send an `Idempotency-Key`, so that a repeated request places nothing twice.',
    isolation: 'read committed',
    status: 201,
    input: of.CreateOrder,
    output: of.Order,
    errors: [
      errors.unknown_product,
      errors.no_price,
      errors.price_changed,
      errors.total_too_large,
      customerErrors.not_found,
      inventoryErrors.insufficient_stock,
    ],
    example: {
      customer_id: EXAMPLE_ID,
      items: [{ product_id: 'MUG-BLUE', quantity: 2 }],
      shipping_address: EXAMPLE_ADDRESS,
    },
    run: createOrder,
  }),
  command('orders.set_status', {
    rest: 'PUT /api/v1/orders/:id/status',
    permission: 'orders:update',
    summary: 'Move an order to another state',
    description: 'A move that is not open is refused with the moves that are.',
    isolation: 'read committed',
    input: of.SetStatus,
    output: of.Order,
    errors: [
      errors.not_found,
      errors.already_shipped,
      errors.gift_card_spent,
      ...orderLifecycle.refusals('confirm', 'process', 'hold', 'ship', 'deliver', 'cancel'),
    ],
    example: { id: EXAMPLE_ID, status: 'processing' },
    run: setStatus,
  }),
  command('orders.cancel', {
    rest: 'POST /api/v1/orders/:id/cancel',
    permission: 'orders:cancel',
    summary: 'Cancel an order',
    description: 'Its stock is available again at once; what was paid is given back.',
    isolation: 'read committed',
    input: of.CancelOrder,
    output: of.Order,
    errors: [
      errors.not_found,
      errors.already_shipped,
      errors.gift_card_spent,
      ...orderLifecycle.refusals('cancel'),
    ],
    example: { id: EXAMPLE_ID, reason: 'ordered by mistake' },
    run: cancelOrder,
  }),
  command('orders.archive', {
    rest: 'POST /api/v1/orders/:id/archive',
    permission: 'orders:update',
    summary: 'Put a finished order away from the lists',
    isolation: 'read committed',
    input: of.GetOrder,
    output: of.Order,
    errors: [errors.not_found, errors.not_archivable],
    example: { id: EXAMPLE_ID },
    run: archiveOrder,
  }),
  command('orders.delete', {
    rest: 'DELETE /api/v1/orders/:id',
    permission: 'orders:delete',
    summary: 'Delete a pending or cancelled order',
    status: 204,
    isolation: 'read committed',
    input: of.GetOrder,
    output: Nothing,
    errors: [errors.not_found, errors.not_deletable],
    example: { id: EXAMPLE_ID },
    run: deleteOrder,
  }),
  ...editOperations,
  ...changeOperations,
  ...deskOperations,
  ...bulkOperations,
  ...refundOperations,
  ...statisticsOperations,
]
