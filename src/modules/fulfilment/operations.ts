import { Type } from 'typebox'
import { inventoryErrors } from '#modules/inventory'
import { orderErrors } from '#modules/orders'
import { command, query } from '#platform/operations'
import { cancelFulfilmentOrder, giveUpFulfilmentOrder } from './commands/cancel-fulfilment-order.ts'
import { holdFulfilmentOrder, releaseFulfilmentOrder } from './commands/hold-fulfilment-order.ts'
import { mergeFulfilmentOrders } from './commands/merge-fulfilment-orders.ts'
import { moveFulfilmentOrder, rerouteFulfilmentOrder } from './commands/move-fulfilment-order.ts'
import { routeOrder } from './commands/route-order.ts'
import { splitFulfilmentOrder } from './commands/split-fulfilment-order.ts'
import { updateFulfilmentOrder } from './commands/update-fulfilment-order.ts'
import { fulfilmentErrors as errors } from './errors.ts'
import { fulfilmentOrderLifecycle as lifecycle } from './lifecycle.ts'
import { packingOperations } from './packing/operations.ts'
import { pickingOperations } from './picking/operations.ts'
import { getBoard, getFulfilmentOrder, listFulfilmentOrders, listOfOrder } from './queries.ts'
import * as of from './schemas.ts'

export const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const EXAMPLE_UNITS = [{ order_line_id: EXAMPLE_ID, quantity: 1 }]
const Moved = Type.Object({
  items: Type.Array(of.FulfilmentOrder, {
    description: 'The fulfilment order itself, and those that were made of its units.',
  }),
})

const reads = [
  query('fulfilment.list', {
    rest: 'GET /api/v1/fulfilment-orders',
    permission: 'fulfilment:read',
    summary: 'List fulfilment orders',
    description: 'The newest first. Sorted by `due_at`, only those that have a date are listed.',
    input: of.ListFulfilmentOrders,
    output: of.FulfilmentOrders,
    errors: [inventoryErrors.location_not_found, orderErrors.not_found],
    example: { status: 'live', is_ready: true, limit: 20 },
    run: listFulfilmentOrders,
  }),
  query('fulfilment.get_board', {
    rest: 'GET /api/v1/fulfilment-orders/board',
    permission: 'fulfilment:read',
    summary: 'Count the work at each location by its state',
    input: of.GetBoard,
    output: of.Board,
    errors: [inventoryErrors.location_not_found],
    example: {},
    run: getBoard,
  }),
  query('fulfilment.get', {
    rest: 'GET /api/v1/fulfilment-orders/:id',
    permission: 'fulfilment:read',
    summary: 'Read a fulfilment order by id or number',
    input: of.GetFulfilmentOrder,
    output: of.FulfilmentOrder,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: getFulfilmentOrder,
  }),
  query('fulfilment.list_of_order', {
    rest: 'GET /api/v1/orders/:id/fulfilment-orders',
    permission: 'fulfilment:read',
    summary: "List an order's fulfilment orders, and its units that have none",
    input: of.OfOrder,
    output: of.OrdersWork,
    errors: [orderErrors.not_found],
    example: { id: EXAMPLE_ID },
    run: listOfOrder,
  }),
]

const routing = [
  command('fulfilment.route_order', {
    rest: 'POST /api/v1/orders/:id/route',
    permission: 'fulfilment:write',
    summary: 'Make fulfilment orders for all units of an order that have none',
    description: 'Where the units are held; backordered ones wait. Harmless if all have work.',
    isolation: 'read committed',
    input: of.OfOrder,
    output: of.OrdersWork,
    errors: [orderErrors.not_found],
    example: { id: EXAMPLE_ID },
    run: routeOrder,
  }),
  command('fulfilment.move', {
    rest: 'POST /api/v1/fulfilment-orders/:id/move',
    permission: 'fulfilment:write',
    summary: 'Move a fulfilment order, or units of it, to another location',
    description: 'The promise of its units goes along; refused if the other location has none.',
    isolation: 'read committed',
    input: of.MoveFulfilmentOrder,
    output: Moved,
    errors: [
      errors.not_found,
      errors.line_not_found,
      errors.not_movable,
      errors.units_in_hand,
      errors.same_location,
      errors.too_many_units,
      inventoryErrors.location_not_found,
      inventoryErrors.insufficient_stock,
    ],
    example: { id: EXAMPLE_ID, location_id: 'MAIN' },
    run: moveFulfilmentOrder,
  }),
  command('fulfilment.reroute', {
    rest: 'POST /api/v1/fulfilment-orders/:id/reroute',
    permission: 'fulfilment:write',
    summary: 'Find another location for all that is left of a fulfilment order',
    description: 'One location that has it all, else as few as do.',
    isolation: 'read committed',
    input: of.GetFulfilmentOrder,
    output: Moved,
    errors: [
      errors.not_found,
      errors.not_movable,
      errors.units_in_hand,
      errors.no_other_location,
      inventoryErrors.insufficient_stock,
    ],
    example: { id: EXAMPLE_ID },
    run: rerouteFulfilmentOrder,
  }),
  command('fulfilment.split', {
    rest: 'POST /api/v1/fulfilment-orders/:id/split',
    permission: 'fulfilment:write',
    summary: 'Make units of a fulfilment order one of their own',
    description: 'Answers the new one.',
    status: 201,
    isolation: 'read committed',
    input: of.SplitFulfilmentOrder,
    output: of.FulfilmentOrder,
    errors: [
      errors.not_found,
      errors.line_not_found,
      errors.units_in_hand,
      errors.too_many_units,
      errors.nothing_to_split,
      ...lifecycle.refusals('cancel'),
    ],
    example: { id: EXAMPLE_ID, items: EXAMPLE_UNITS },
    run: splitFulfilmentOrder,
  }),
  command('fulfilment.merge', {
    rest: 'POST /api/v1/fulfilment-orders/:id/merge',
    permission: 'fulfilment:write',
    summary: 'Bring fulfilment orders of one order at one location together',
    isolation: 'read committed',
    input: of.MergeFulfilmentOrders,
    output: of.FulfilmentOrder,
    errors: [errors.not_found, errors.not_mergeable],
    example: { id: EXAMPLE_ID, fulfilment_order_ids: [EXAMPLE_ID] },
    run: mergeFulfilmentOrders,
  }),
]

const work = [
  command('fulfilment.update', {
    rest: 'PATCH /api/v1/fulfilment-orders/:id',
    permission: 'fulfilment:write',
    summary: 'Set when a fulfilment order may begin and is due, and its note',
    description: 'A time to begin that is still to come schedules it; `null` opens it again.',
    isolation: 'read committed',
    input: of.UpdateFulfilmentOrder,
    output: of.FulfilmentOrder,
    errors: [errors.not_found, ...lifecycle.refusals('schedule')],
    example: { id: EXAMPLE_ID, due_at: '2026-12-01T16:00:00Z' },
    run: updateFulfilmentOrder,
  }),
  command('fulfilment.hold', {
    rest: 'POST /api/v1/fulfilment-orders/:id/hold',
    permission: 'fulfilment:write',
    summary: 'Stop a fulfilment order for a reason',
    description: 'It may be stopped for several reasons at once; it goes on when all are released.',
    isolation: 'read committed',
    input: of.HoldFulfilmentOrder,
    output: of.FulfilmentOrder,
    errors: [errors.not_found, ...lifecycle.refusals('cancel')],
    example: { id: EXAMPLE_ID, reason: 'address', note: 'no house number' },
    run: holdFulfilmentOrder,
  }),
  command('fulfilment.release', {
    rest: 'POST /api/v1/fulfilment-orders/:id/release',
    permission: 'fulfilment:write',
    summary: 'Release the hold of one reason, or all',
    isolation: 'read committed',
    input: of.ReleaseFulfilmentOrder,
    output: of.FulfilmentOrder,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, reason: 'address' },
    run: releaseFulfilmentOrder,
  }),
  command('fulfilment.cancel', {
    rest: 'POST /api/v1/fulfilment-orders/:id/cancel',
    permission: 'fulfilment:write',
    summary: 'Withdraw a fulfilment order of which nothing has left',
    description: 'Its units wait to be routed again, or are cancelled in the order too.',
    isolation: 'read committed',
    input: of.CancelFulfilmentOrder,
    output: of.FulfilmentOrder,
    errors: [errors.not_found, errors.already_begun, ...lifecycle.refusals('cancel')],
    example: { id: EXAMPLE_ID, reason: 'the shelf is empty' },
    run: cancelFulfilmentOrder,
  }),
  command('fulfilment.give_up', {
    rest: 'POST /api/v1/fulfilment-orders/:id/give-up',
    permission: 'fulfilment:write',
    summary: 'Give up what a location cannot do; it waits to be routed again',
    isolation: 'read committed',
    input: of.GiveUpFulfilmentOrder,
    output: of.FulfilmentOrder,
    errors: [errors.not_found, ...lifecycle.refusals('give_up')],
    example: { id: EXAMPLE_ID, reason: 'water damage' },
    run: giveUpFulfilmentOrder,
  }),
]

export const operations = [
  ...reads,
  ...routing,
  ...work,
  ...pickingOperations,
  ...packingOperations,
]
