import { inventoryErrors } from '#modules/inventory'
import { pricingErrors } from '#modules/pricing'
import { command, process, query } from '#platform/operations'
import { orderErrors as errors } from '../errors.ts'
import { orderLifecycle } from '../lifecycle.ts'
import { Order } from '../schemas.ts'
import { applyChange, cancelItems } from './apply-change.ts'
import {
  abandonChange,
  addActions,
  beginChange,
  rebaseChangeSet,
  removeAction,
} from './commands.ts'
import { orderChangeLifecycle } from './lifecycle.ts'
import { mergeOrders } from './merge-orders.ts'
import { getChange, listChanges } from './queries.ts'
import * as of from './schemas.ts'
import { splitOrder } from './split-order.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const CHANGES = '/api/v1/orders/:id/changes'
const NAMED = { id: EXAMPLE_ID, change_id: EXAMPLE_ID }
const ACTIONS = [{ action: 'set_quantity', item_id: EXAMPLE_ID, quantity: 2 }]

const named = [errors.not_found, errors.change_not_found]
/** What a step of a change may be refused for. */
const steps = [
  errors.not_editable,
  errors.item_not_found,
  errors.units_not_there,
  errors.address_fixed,
  errors.too_many_items,
  errors.total_too_large,
  pricingErrors.too_large,
]
/** What looking a step up may be refused for. */
const lookups = [errors.unknown_product, errors.no_price, errors.price_changed]
const refunds = [
  errors.gift_card_spent,
  errors.staff_only,
  errors.refund_exceeds_paid,
  errors.refund_refused,
]

/** Changes of a placed order: put together and previewed, or made at once. */
export const changeOperations = [
  query('orders.list_changes', {
    rest: `GET ${CHANGES}`,
    permission: 'orders:read',
    summary: 'List the changes of an order, newest first',
    input: of.ListChanges,
    output: of.Changes,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, limit: 20 },
    run: listChanges,
  }),
  query('orders.get_change', {
    rest: `GET ${CHANGES}/:change_id`,
    permission: 'orders:read',
    summary: 'Read a change of an order; an open one with what the order will be',
    input: of.NamedChange,
    output: of.Change,
    errors: named,
    example: NAMED,
    run: getChange,
  }),
  command('orders.begin_change', {
    rest: `POST ${CHANGES}`,
    permission: 'orders:update',
    summary: 'Begin a set of changes of a placed order',
    description:
      'The order stays as it is until the set is applied; `preview` is what it will be then, to the cent, and what is to be paid or given back. Prices and taxes are those of the moment in which an action is added; `custom` adds what is in no catalogue, at a `unit_price` of your own. One set at most is open.',
    isolation: 'read committed',
    status: 201,
    input: of.BeginChange,
    output: of.Change,
    errors: [errors.not_found, errors.change_open, ...steps, ...lookups],
    example: { id: EXAMPLE_ID, reason: 'The customer called.', actions: ACTIONS },
    run: beginChange,
  }),
  command('orders.add_change_actions', {
    rest: `POST ${CHANGES}/:change_id/actions`,
    permission: 'orders:update',
    summary: 'Add actions to an open set of changes',
    isolation: 'read committed',
    input: of.AddActions,
    output: of.Change,
    errors: [
      ...named,
      errors.change_stale,
      ...orderChangeLifecycle.refusals('apply'),
      ...steps,
      ...lookups,
    ],
    example: { ...NAMED, actions: ACTIONS },
    run: addActions,
  }),
  command('orders.remove_change_action', {
    rest: `DELETE ${CHANGES}/:change_id/actions/:position`,
    permission: 'orders:update',
    summary: 'Take an action out of an open set of changes',
    isolation: 'read committed',
    input: of.RemoveAction,
    output: of.Change,
    errors: [
      ...named,
      errors.action_not_found,
      ...orderChangeLifecycle.refusals('apply'),
      ...steps,
    ],
    example: { ...NAMED, position: 1 },
    run: removeAction,
  }),
  command('orders.rebase_change', {
    rest: `POST ${CHANGES}/:change_id/rebase`,
    permission: 'orders:update',
    summary: 'Judge an open set of changes by how the order stands now',
    description: 'For a set that is `stale`. Prices stay those that were looked up.',
    isolation: 'read committed',
    input: of.NamedChange,
    output: of.Change,
    errors: [...named, ...orderChangeLifecycle.refusals('apply'), ...steps],
    example: NAMED,
    run: rebaseChangeSet,
  }),
  process('orders.apply_change', {
    rest: `POST ${CHANGES}/:change_id/apply`,
    permission: 'orders:update',
    summary: 'Apply an open set of changes',
    description:
      'All of it or nothing: what the preview said is what the order is then, and its stock is promised or free again. If the order has moved since the set was begun, it is refused (409), with what moved in `details`. With `refund`, what is paid too much goes back; that needs `payments:write`.',
    input: of.ApplyChange,
    output: of.ChangedOrder,
    errors: [
      ...named,
      errors.change_stale,
      errors.change_empty,
      ...orderChangeLifecycle.refusals('apply'),
      ...steps,
      inventoryErrors.insufficient_stock,
      ...refunds,
    ],
    example: { ...NAMED, refund: true },
    run: applyChange,
  }),
  command('orders.abandon_change', {
    rest: `POST ${CHANGES}/:change_id/abandon`,
    permission: 'orders:update',
    summary: 'Give an open set of changes up',
    isolation: 'read committed',
    input: of.NamedChange,
    output: of.Change,
    errors: [...named, ...orderChangeLifecycle.refusals('abandon')],
    example: NAMED,
    run: abandonChange,
  }),
  process('orders.cancel_items', {
    rest: 'POST /api/v1/orders/:id/cancel-items',
    permission: 'orders:cancel',
    summary: 'Cancel units of an order that have not left',
    description:
      'Their stock is free again and they are not owed any more; what the items were sold for stays as it was. With the last unit the order is cancelled. With `refund`, what is paid too much goes back; that needs `payments:write`.',
    input: of.CancelItems,
    output: of.ChangedOrder,
    errors: [errors.not_found, errors.not_editable, errors.units_not_there, ...refunds],
    example: {
      id: EXAMPLE_ID,
      items: [{ item_id: EXAMPLE_ID, quantity: 1 }],
      reason: 'One is enough.',
      refund: false,
    },
    run: cancelItems,
  }),
  command('orders.merge', {
    rest: 'POST /api/v1/orders/:id/merge',
    permission: 'orders:update',
    summary: 'Make other orders of the customer part of this one',
    description:
      'Lines, discounts, taxes, fees, stock and payments go over as they are, to the cent. The other orders end as cancelled, with this one as the reason; nothing is given back. For orders of one customer, currency and address of which nothing has left.',
    isolation: 'read committed',
    input: of.MergeOrders,
    output: Order,
    errors: [
      errors.not_found,
      errors.not_mergeable,
      errors.too_many_items,
      errors.total_too_large,
      ...orderLifecycle.refusals('cancel'),
    ],
    example: { id: EXAMPLE_ID, orders: ['ORD-1000002'], reason: 'One parcel for both.' },
    run: mergeOrders,
  }),
  command('orders.split', {
    rest: 'POST /api/v1/orders/:id/split',
    permission: 'orders:update',
    summary: 'Make units of an order an order of their own',
    description:
      'They take their share of every amount with them, to the cent, and their stock; and what was paid for them; fees stay. The payment is divided: what went along is a payment of the new order, and goes back from there. Money that is only held cannot be divided: 409 with `held_payments`, each to be captured or voided first.',
    isolation: 'read committed',
    status: 201,
    input: of.SplitOrder,
    output: of.Split,
    errors: [errors.not_found, errors.not_splittable, ...steps, inventoryErrors.not_held],
    example: { id: EXAMPLE_ID, items: [{ item_id: EXAMPLE_ID, quantity: 1 }] },
    run: splitOrder,
  }),
]
