import { fulfilmentErrors } from '#modules/fulfilment'
import { inventoryErrors } from '#modules/inventory'
import { orderErrors } from '#modules/orders'
import { command, query } from '#platform/operations'
import { carrierServiceOperations } from './carrier-services/operations.ts'
import { cancelShipment } from './commands/cancel-shipment.ts'
import { createShipment } from './commands/create-shipment.ts'
import { deliverShipment } from './commands/deliver-shipment.ts'
import { holdShipment, releaseShipment } from './commands/hold-shipment.ts'
import { returnToStock } from './commands/return-to-stock.ts'
import { setShipmentStatus } from './commands/set-shipment-status.ts'
import { shipShipment } from './commands/ship-shipment.ts'
import { setTracking, updateShipment } from './commands/update-shipment.ts'
import { deliveryOperations } from './delivery.ts'
import { shipmentErrors as errors } from './errors.ts'
import { labelOperations } from './labels/operations.ts'
import { shipmentLifecycle } from './lifecycle.ts'
import { manifestOperations } from './manifests/operations.ts'
import { getShipment, listShipments } from './queries.ts'
import * as of from './schemas.ts'
import { trackingOperations } from './tracking/operations.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const refusals = shipmentLifecycle.refusals

const shipping = [
  orderErrors.units_not_there,
  fulfilmentErrors.on_hold,
  inventoryErrors.not_held,
  errors.line_not_found,
  errors.wrong_contents,
  errors.label_exists,
  ...refusals('ship'),
]

const reads = [
  query('shipments.list', {
    rest: 'GET /api/v1/shipments',
    permission: 'shipments:read',
    summary: 'List shipments, newest first',
    description: 'Customers see their own. `status` may be spelled in any published way.',
    input: of.ListShipments,
    output: of.Shipments,
    example: { status: 'In Transit', limit: 20 },
    run: listShipments,
  }),
  query('shipments.get', {
    rest: 'GET /api/v1/shipments/:id',
    permission: 'shipments:read',
    summary: 'Read a shipment with its items and parcels',
    input: of.GetShipment,
    output: of.Shipment,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: getShipment,
  }),
]

const writes = [
  command('shipments.create', {
    rest: 'POST /api/v1/shipments',
    permission: 'shipments:update',
    summary: 'Make a shipment of units that lie at one location',
    description:
      'Of the items that are named, or of all that waits at the first location. Nothing leaves the shelves before it is shipped. What was packed in cartons becomes its parcels.',
    isolation: 'read committed',
    status: 201,
    input: of.CreateShipment,
    output: of.Shipment,
    errors: [
      orderErrors.not_found,
      errors.order_closed,
      errors.nothing_open,
      errors.too_many_units,
      errors.several_locations,
    ],
    example: {
      order_id: EXAMPLE_ID,
      shipping_address: '12 Harbour Street, Portland, ME 04101, US',
      shipping_method: 'Express',
      tracking_number: '1Z999AA10123456784',
      recipient_name: 'Ada Brook',
    },
    run: createShipment,
  }),
  command('shipments.update', {
    rest: 'PUT /api/v1/shipments/:id',
    aliases: ['PATCH /api/v1/shipments/:id'],
    permission: 'shipments:update',
    summary: 'Change facts of a shipment',
    description: 'Only what is named. Notes and the estimate at any time, all else until it left.',
    isolation: 'read committed',
    input: of.UpdateShipment,
    output: of.Shipment,
    errors: [errors.not_found, errors.already_shipped, errors.label_exists, errors.line_not_found],
    example: { id: EXAMPLE_ID, notes: 'Ring twice.', signature_required: true },
    run: updateShipment,
  }),
  command('shipments.set_tracking_number', {
    rest: 'PUT /api/v1/shipments/:id/tracking',
    permission: 'shipments:update',
    summary: 'Say by which number a shipment can be followed',
    isolation: 'read committed',
    input: of.SetTracking,
    output: of.Shipment,
    errors: [errors.not_found, errors.parcel_not_found, errors.label_exists],
    example: { id: EXAMPLE_ID, tracking_number: '1Z999AA10123456784', carrier: 'UPS' },
    run: setTracking,
  }),
  command('shipments.set_status', {
    rest: 'PUT /api/v1/shipments/:id/status',
    permission: 'shipments:update',
    summary: 'Move a shipment to another state',
    description:
      'By the same steps as the operation of its own. 409 names the moves that are open.',
    isolation: 'read committed',
    input: of.SetShipmentStatus,
    output: of.Shipment,
    errors: [
      errors.not_found,
      errors.handed_over,
      ...shipping,
      ...refusals('hold', 'deliver', 'cancel', 'return', 'fail'),
    ],
    example: { id: EXAMPLE_ID, status: 'ready_to_ship' },
    run: setShipmentStatus,
  }),
  command('shipments.ship', {
    rest: 'POST /api/v1/shipments/:id/ship',
    permission: 'shipments:update',
    summary: 'Ship: its units leave the shelves',
    description:
      'Takes them out of what is promised to the order, in one transaction. The order is shipped with its last unit.',
    isolation: 'read committed',
    input: of.ShipShipment,
    output: of.Shipment,
    errors: [errors.not_found, ...shipping],
    example: { id: EXAMPLE_ID, tracking_number: '1Z999AA10123456784' },
    run: shipShipment,
  }),
  command('shipments.deliver', {
    rest: 'POST /api/v1/shipments/:id/deliver',
    permission: 'shipments:update',
    summary: 'Confirm that a shipment arrived',
    description:
      'With who signed and what proves it. The order is delivered with its last shipment.',
    isolation: 'read committed',
    input: of.DeliverShipment,
    output: of.Shipment,
    errors: [errors.not_found, ...refusals('deliver')],
    example: { id: EXAMPLE_ID, signed_by: 'A. Brook' },
    run: deliverShipment,
  }),
  command('shipments.cancel', {
    rest: 'POST /api/v1/shipments/:id/cancel',
    permission: 'shipments:update',
    summary: 'Cancel a shipment that its carrier does not have yet',
    description:
      'Its units are open again. If they had left the shelves they are put back and promised to the order again. Its labels are given back.',
    isolation: 'read committed',
    input: of.GiveReason,
    output: of.Shipment,
    errors: [errors.not_found, errors.handed_over, errors.on_manifest, ...refusals('cancel')],
    example: { id: EXAMPLE_ID, reason: 'packed twice' },
    run: cancelShipment,
  }),
  command('shipments.hold', {
    rest: 'POST /api/v1/shipments/:id/hold',
    permission: 'shipments:update',
    summary: 'Stop a shipment that has not left',
    isolation: 'read committed',
    input: of.GiveReason,
    output: of.Shipment,
    errors: [errors.not_found, ...refusals('hold')],
    example: { id: EXAMPLE_ID, reason: 'the address is being checked' },
    run: holdShipment,
  }),
  command('shipments.release', {
    rest: 'POST /api/v1/shipments/:id/release',
    permission: 'shipments:update',
    summary: 'Let a held shipment go on',
    isolation: 'read committed',
    input: of.GiveReason,
    output: of.Shipment,
    errors: [errors.not_found, ...refusals('release')],
    example: { id: EXAMPLE_ID },
    run: releaseShipment,
  }),
  command('shipments.return_to_stock', {
    rest: 'POST /api/v1/shipments/:id/return-to-stock',
    permission: 'shipments:update',
    summary: 'Put away what came back undelivered',
    description:
      'In a state such as `sellable` or `damaged`. `resend` opens the units again and promises them to the order; `return` counts them as returned.',
    isolation: 'read committed',
    input: of.ReturnToStock,
    output: of.Shipment,
    errors: [
      errors.not_found,
      errors.line_not_found,
      errors.nothing_to_return,
      inventoryErrors.insufficient_stock,
      ...refusals('return'),
    ],
    example: { id: EXAMPLE_ID, state: 'damaged', outcome: 'return', reason: 'refused at the door' },
    run: returnToStock,
  }),
]

// The paths with a word in the place of an id come before those with an id.
export const operations = [
  ...trackingOperations,
  ...reads,
  ...writes,
  ...labelOperations,
  ...manifestOperations,
  ...carrierServiceOperations,
  ...deliveryOperations,
]
