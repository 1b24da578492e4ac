import type { Job } from '#platform/jobs'
import type { Module } from '#platform/module'
import { shipmentErrors } from './errors.ts'
import { carrierEvents, shipmentEvents } from './events.ts'
import { shipmentInvariants } from './invariants.ts'
import { paperDoor } from './labels/door.ts'
import { labelLifecycle } from './labels/lifecycle.ts'
import { labelSweep, paperJob, voidJob } from './labels/sweep.ts'
import { shipmentLifecycle } from './lifecycle.ts'
import { manifestSweep } from './manifests/close-manifest.ts'
import { manifestLifecycle } from './manifests/tables.ts'
import { createShipments } from './migrations/2026-11-21-81-create-shipments.ts'
import { createLabels } from './migrations/2026-11-21-82-create-labels.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { tables } from './stored.ts'
import { trackingPoll } from './tracking/poll.ts'
import { webhookLifecycle } from './tracking/tables.ts'
import { webhookDoor } from './tracking/webhook/door.ts'
import { webhookPurge } from './tracking/webhook/purge.ts'

// What the modules above, the adapters of carriers and the composition use.
export { rateIn, type TableRate } from './carrier-services/rating.ts'
export { tableServices } from './carrier-services/services.ts'
export { type ShipOrder, shipOrder } from './commands/ship-order.ts'
export { deliveryOf } from './delivery.ts'
export { shipmentErrors } from './errors.ts'
export { carrierEvents, shipmentEvents } from './events.ts'
export {
  findShipment,
  linesOfShipments,
  parcelsOfShipments,
  shipmentsOfOrders,
} from './find.ts'
export {
  type BoughtLabel,
  type BuyAnswer,
  type Carrier,
  type CarrierRate,
  type Carriers,
  type CarrierWebhook,
  carriers,
  type LabelCall,
  type ManifestAnswer,
  type ManifestCall,
  type PackingSlip,
  type Paper,
  type ParcelOrder,
  type Printer,
  printer,
  type Quote,
  type TrackingNews,
  type VoidAnswer,
  type WebhookHeaders,
} from './labels/carriers.ts'
export { getLabelPaper, withdrawLabel } from './labels/queries.ts'
export { createReturnLabel, liveLabelOf, type ReturnParcel } from './labels/return-label.ts'
export { labelPath } from './labels/schemas.ts'
export { sweepLabels } from './labels/sweep.ts'
export type { LabelRow } from './labels/tables.ts'
export { shipmentPersonalData } from './personal-data.ts'
export { shipBulkAction } from './ship-bulk.ts'
export type { LineRow as ShipmentLine, ShipAddress, ShipmentRow } from './tables.ts'
export { pollTracking } from './tracking/poll.ts'
export type { TrackingKind } from './tracking/tables.ts'

// What this module adds to the house.
export const shipments: Module = {
  name: 'shipments',
  tables,
  migrations: {
    '2026-11-21-81-create-shipments': createShipments,
    '2026-11-21-82-create-labels': createLabels,
  },
  lifecycles: [shipmentLifecycle, labelLifecycle, manifestLifecycle, webhookLifecycle],
  errors: [shipmentErrors],
  events: [shipmentEvents, carrierEvents],
  reactions,
  invariants: shipmentInvariants,
  jobs: [voidJob as Job, paperJob as Job],
  schedules: [labelSweep, trackingPoll, manifestSweep, webhookPurge],
  plugins: [paperDoor, webhookDoor],
  operations,
}
