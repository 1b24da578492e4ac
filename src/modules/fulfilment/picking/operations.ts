import { inventoryErrors } from '#modules/inventory'
import { orderErrors } from '#modules/orders'
import { command, query } from '#platform/operations'
import { fulfilmentErrors as errors } from '../errors.ts'
import { fulfilmentOrderLifecycle, pickListLifecycle } from '../lifecycle.ts'
import { FulfilmentOrder } from '../schemas.ts'
import { createPickList } from './create-pick-list.ts'
import { assignPickList, cancelPickList, finishPickList } from './end-pick-list.ts'
import { pickDirectly, pickOrder, putBackUnits } from './pick-directly.ts'
import { getPickList, listPickLists } from './queries.ts'
import { reportShort } from './report-short.ts'
import { pickByHand, scanPickList } from './scan-pick-list.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const NOT_PICKABLE = [errors.on_hold, errors.order_not_ready]
const SERIALS = [errors.serial_needed, errors.serial_not_there, errors.serial_picked]

const lists = [
  query('fulfilment.list_pick_lists', {
    rest: 'GET /api/v1/pick-lists',
    permission: 'fulfilment:read',
    summary: 'List pick lists, the newest first',
    input: of.ListPickLists,
    output: of.PickLists,
    errors: [inventoryErrors.location_not_found],
    example: { status: 'open' },
    run: listPickLists,
  }),
  query('fulfilment.get_pick_list', {
    rest: 'GET /api/v1/pick-lists/:id',
    permission: 'fulfilment:read',
    summary: 'Read a pick list in the order of the walk',
    input: of.GetPickList,
    output: of.PickList,
    errors: [errors.list_not_found],
    example: { id: EXAMPLE_ID },
    run: getPickList,
  }),
  command('fulfilment.create_pick_list', {
    rest: 'POST /api/v1/pick-lists',
    permission: 'fulfilment:write',
    summary: 'Make a pick list for one fulfilment order or many',
    description:
      'Of those named, or of what is ready at the location. Sorted by bin; of lots, what expires ' +
      'first. What cannot be picked now is answered in `skipped`.',
    status: 201,
    isolation: 'read committed',
    input: of.CreatePickList,
    output: of.NewPickList,
    errors: [
      inventoryErrors.location_not_found,
      errors.not_found,
      errors.picker_not_found,
      errors.nothing_to_pick,
    ],
    example: { location_id: 'MAIN', orders_max: 20 },
    run: createPickList,
  }),
  command('fulfilment.assign_pick_list', {
    rest: 'POST /api/v1/pick-lists/:id/assign',
    permission: 'fulfilment:write',
    summary: 'Give a pick list to somebody, or to nobody',
    isolation: 'read committed',
    input: of.AssignPickList,
    output: of.PickList,
    errors: [errors.list_not_found, errors.list_over, errors.picker_not_found],
    example: { id: EXAMPLE_ID, assigned_to: null },
    run: assignPickList,
  }),
  command('fulfilment.finish_pick_list', {
    rest: 'POST /api/v1/pick-lists/:id/finish',
    permission: 'fulfilment:write',
    summary: 'End a pick list',
    description: 'It ends by itself with its last unit. `leave_rest` frees what is left.',
    isolation: 'read committed',
    input: of.FinishPickList,
    output: of.PickList,
    errors: [errors.list_not_found, errors.still_to_pick, ...pickListLifecycle.refusals('finish')],
    example: { id: EXAMPLE_ID, leave_rest: true },
    run: finishPickList,
  }),
  command('fulfilment.cancel_pick_list', {
    rest: 'POST /api/v1/pick-lists/:id/cancel',
    permission: 'fulfilment:write',
    summary: 'Give a pick list up; what was picked with it stays picked',
    isolation: 'read committed',
    input: of.GetPickList,
    output: of.PickList,
    errors: [errors.list_not_found, ...pickListLifecycle.refusals('cancel')],
    example: { id: EXAMPLE_ID },
    run: cancelPickList,
  }),
]

const picks = [
  command('fulfilment.scan', {
    rest: 'POST /api/v1/pick-lists/:id/scan',
    permission: 'fulfilment:write',
    summary: 'Scan a bin, or pick what was scanned',
    description:
      'A bin tells what is left to pick there. A SKU, GTIN or lot picks `quantity` units of the ' +
      'first place that has it, a serial number that unit. Anything else is refused.',
    isolation: 'read committed',
    input: of.ScanPickList,
    output: of.Scanned,
    errors: [
      errors.list_not_found,
      errors.list_over,
      errors.not_on_list,
      errors.item_done,
      ...SERIALS,
      ...NOT_PICKABLE,
    ],
    example: { id: EXAMPLE_ID, code: 'MUG-BLUE' },
    run: scanPickList,
  }),
  command('fulfilment.pick', {
    rest: 'POST /api/v1/pick-lists/:id/pick',
    permission: 'fulfilment:write',
    summary: 'Pick units of an item of a list without a scanner',
    isolation: 'read committed',
    input: of.PickByHand,
    output: of.PickList,
    errors: [
      errors.list_not_found,
      errors.list_over,
      errors.item_not_found,
      errors.item_done,
      ...SERIALS,
      ...NOT_PICKABLE,
    ],
    example: { id: EXAMPLE_ID, item_id: EXAMPLE_ID, quantity: 1 },
    run: pickByHand,
  }),
  command('fulfilment.report_short', {
    rest: 'POST /api/v1/pick-lists/:id/short',
    permission: 'fulfilment:write',
    summary: 'Report units that are not where they should be',
    isolation: 'read committed',
    input: of.ReportShort,
    output: of.PickList,
    errors: [
      errors.list_not_found,
      errors.list_over,
      errors.item_not_found,
      errors.item_done,
      errors.no_other_location,
      inventoryErrors.insufficient_stock,
    ],
    example: { id: EXAMPLE_ID, item_id: EXAMPLE_ID, quantity: 1, reason: 'not_found' },
    run: reportShort,
  }),
  command('fulfilment.pick_directly', {
    rest: 'POST /api/v1/fulfilment-orders/:id/pick',
    permission: 'fulfilment:write',
    summary: 'Write down units that were picked without a list',
    isolation: 'read committed',
    input: of.PickDirectly,
    output: FulfilmentOrder,
    errors: [
      errors.not_found,
      errors.line_not_found,
      errors.too_many_units,
      ...SERIALS,
      ...NOT_PICKABLE,
      ...fulfilmentOrderLifecycle.refusals('start'),
    ],
    example: { id: EXAMPLE_ID },
    run: pickDirectly,
  }),
  command('fulfilment.put_back', {
    rest: 'POST /api/v1/fulfilment-orders/:id/put-back',
    permission: 'fulfilment:write',
    summary: 'Write down that picked units went back to the shelf',
    isolation: 'read committed',
    input: of.PutBack,
    output: FulfilmentOrder,
    errors: [errors.not_found, errors.line_not_found, errors.too_many_units, errors.not_movable],
    example: { id: EXAMPLE_ID, items: [{ order_line_id: EXAMPLE_ID, quantity: 1 }] },
    run: putBackUnits,
  }),
  command('fulfilment.pick_order', {
    rest: 'POST /api/v1/orders/:id/pick',
    permission: 'fulfilment:write',
    summary: 'Pick all of an order that may be picked',
    description: 'Without lists, at every location. Units on pick lists are left to their pickers.',
    isolation: 'read committed',
    input: of.PickOrder,
    output: of.OrderPicked,
    errors: [orderErrors.not_found, ...NOT_PICKABLE],
    example: { id: EXAMPLE_ID },
    run: pickOrder,
  }),
]

export const pickingOperations = [...lists, ...picks]
