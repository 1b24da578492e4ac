import { inventoryErrors } from '#modules/inventory'
import { pricingErrors } from '#modules/pricing'
import { command, query } from '#platform/operations'
import { addItem } from './commands/add-item.ts'
import { changeItem, removeItem } from './commands/change-item.ts'
import { updateOrder } from './commands/update-order.ts'
import * as of from './edit-schemas.ts'
import { orderErrors as errors } from './errors.ts'
import { orderHistory } from './history.ts'
import { Order } from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

/** What can be changed of an order that was placed. */
export const editOperations = [
  command('orders.update', {
    rest: 'PUT /api/v1/orders/:id',
    permission: 'orders:update',
    summary: 'Correct addresses, notes and contact of an order',
    description:
      'What is left out stays, null takes it away. The shipping address is fixed once the parcel has left; its country, state and postal code once taxes were computed for them.',
    isolation: 'read committed',
    input: of.UpdateOrder,
    output: Order,
    errors: [errors.not_found, errors.address_fixed],
    example: { id: EXAMPLE_ID, notes: 'Leave it at the blue door.' },
    run: updateOrder,
  }),
  command('orders.add_item', {
    rest: 'POST /api/v1/orders/:id/items',
    permission: 'orders:update',
    summary: 'Add an item to an order that has not left',
    description:
      "At the catalogue's price of this moment; its stock is reserved or the order stays as it was. What was paid may then be too little: see `payment_status`.",
    isolation: 'read committed',
    input: of.AddItem,
    output: Order,
    errors: [
      errors.not_found,
      errors.not_editable,
      errors.too_many_items,
      errors.unknown_product,
      errors.no_price,
      errors.price_changed,
      errors.total_too_large,
      pricingErrors.too_large,
      inventoryErrors.insufficient_stock,
    ],
    example: { id: EXAMPLE_ID, product_id: 'MUG-BLUE', quantity: 1 },
    run: addItem,
  }),
  command('orders.change_item', {
    rest: 'PUT /api/v1/orders/:id/items/:item_id',
    permission: 'orders:update',
    summary: 'Lower the quantity of an item of an unpaid order',
    isolation: 'read committed',
    input: of.ChangeItem,
    output: Order,
    errors: [errors.not_found, errors.item_not_found, errors.not_editable],
    example: { id: EXAMPLE_ID, item_id: EXAMPLE_ID, quantity: 1 },
    run: changeItem,
  }),
  command('orders.remove_item', {
    rest: 'DELETE /api/v1/orders/:id/items/:item_id',
    permission: 'orders:update',
    summary: 'Take an item out of an unpaid order',
    isolation: 'read committed',
    input: of.RemoveItem,
    output: Order,
    errors: [errors.not_found, errors.item_not_found, errors.not_editable],
    example: { id: EXAMPLE_ID, item_id: EXAMPLE_ID },
    run: removeItem,
  }),
  query('orders.list_history', {
    rest: 'GET /api/v1/orders/:id/history',
    permission: 'orders:read',
    summary: 'Read what happened to an order, newest first',
    input: of.AskHistory,
    output: of.OrderHistory,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, limit: 20 },
    run: orderHistory,
  }),
]
