import { defineErrors } from '#kit/errors'

export const shipmentErrors = defineErrors({
  not_found: {
    code: 'SHIPMENT_NOT_FOUND',
    status: 404,
    message: 'There is no shipment {shipment_id}.',
  },
  tracking_not_found: {
    code: 'TRACKING_NUMBER_NOT_FOUND',
    status: 404,
    message: 'No shipment has the tracking number {tracking_number}.',
  },
  order_closed: {
    code: 'SHIPMENT_ORDER_CLOSED',
    status: 409,
    message: 'Nothing can be shipped for the order: it is {order_status}.',
  },
  nothing_open: {
    code: 'SHIPMENT_NOTHING_OPEN',
    status: 409,
    message: 'Order {order_id} has no units that wait for a shipment.',
  },
  too_many_units: {
    code: 'SHIPMENT_TOO_MANY_UNITS',
    status: 422,
    message: 'items.{index}.quantity: only {open} units of {sku} wait for a shipment there.',
  },
  line_not_found: {
    code: 'SHIPMENT_LINE_NOT_FOUND',
    status: 404,
    message: 'items.{index}: the order has no item {order_item_id}.',
  },
  several_locations: {
    code: 'SHIPMENT_SEVERAL_LOCATIONS',
    status: 422,
    message: 'These units lie at several locations; make one shipment for each.',
  },
  parcel_not_found: {
    code: 'SHIPMENT_PARCEL_NOT_FOUND',
    status: 404,
    message: 'The shipment has no parcel {parcel_id}.',
  },
  already_shipped: {
    code: 'SHIPMENT_ALREADY_SHIPPED',
    status: 409,
    message: 'This cannot be changed any more: the shipment is {status}.',
  },
  handed_over: {
    code: 'SHIPMENT_HANDED_OVER',
    status: 409,
    message: 'The carrier has it already, so it cannot be cancelled; wait until it comes back.',
  },
  on_manifest: {
    code: 'SHIPMENT_ON_MANIFEST',
    status: 409,
    message: 'It stands on manifest {manifest_id} and cannot be cancelled any more.',
  },
  too_many_parcels: {
    code: 'SHIPMENT_TOO_MANY_PARCELS',
    status: 422,
    message: 'A shipment has at most {most} parcels.',
  },
  wrong_contents: {
    code: 'SHIPMENT_WRONG_LOTS',
    status: 422,
    message: 'items.{index}.lots: {problem}.',
  },
  nothing_to_return: {
    code: 'SHIPMENT_NOTHING_TO_RETURN',
    status: 422,
    message: 'items.{index}.quantity: only {open} units of {sku} have not come back yet.',
  },
  label_not_found: {
    code: 'LABEL_NOT_FOUND',
    status: 404,
    message: 'There is no label {label_id}.',
  },
  no_document: {
    code: 'LABEL_WITHOUT_DOCUMENT',
    status: 409,
    message: 'Label {label_id} has nothing to print: it is {state}.',
  },
  label_exists: {
    code: 'LABEL_EXISTS',
    status: 409,
    message: 'Parcel {parcel_id} has a label with its own number; void that first.',
  },
  label_in_progress: {
    code: 'LABEL_IN_PROGRESS',
    status: 409,
    message: 'A label of this shipment is being bought; ask again in a moment.',
  },
  label_refused: {
    code: 'LABEL_REFUSED',
    status: 422,
    message: 'The carrier refused: {reason}',
  },
  label_not_voidable: {
    code: 'LABEL_NOT_VOIDABLE',
    status: 409,
    message: 'Label {label_id} cannot be given back: {problem}.',
  },
  no_rates: {
    code: 'CARRIER_NO_RATES',
    status: 422,
    message: 'No carrier takes this shipment: {problem}.',
  },
  rate_not_found: {
    code: 'CARRIER_RATE_NOT_FOUND',
    status: 404,
    message: 'This shipment has no rate {rate_id}.',
  },
  rate_expired: {
    code: 'CARRIER_RATE_EXPIRED',
    status: 409,
    message: 'The rate is of {quoted_at}; ask for rates again.',
  },
  no_weight: {
    code: 'SHIPMENT_WITHOUT_WEIGHT',
    status: 422,
    message: 'Parcel {position} has no weight, so no carrier can say what it costs.',
  },
  carrier_unknown: {
    code: 'CARRIER_UNKNOWN',
    status: 422,
    message: 'There is no carrier {carrier} here.',
  },
  carrier_failed: {
    code: 'CARRIER_UNAVAILABLE',
    status: 503,
    message: 'The carrier {carrier} does not answer; try again later.',
  },
  bad_signature: {
    code: 'WEBHOOK_SIGNATURE_INVALID',
    status: 401,
    message: 'The signature of this webhook is not good: {problem}.',
  },
  bad_webhook: {
    code: 'WEBHOOK_MALFORMED',
    status: 400,
    message: 'This webhook cannot be read: {problem}.',
  },
  too_many_services: {
    code: 'CARRIER_SERVICES_FULL',
    status: 409,
    message: 'There are {most} services of the built-in carrier already.',
  },
  service_not_found: {
    code: 'CARRIER_SERVICE_NOT_FOUND',
    status: 404,
    message: 'There is no carrier service {code}.',
  },
  manifest_not_found: {
    code: 'MANIFEST_NOT_FOUND',
    status: 404,
    message: 'There is no manifest {manifest_id}.',
  },
  nothing_to_manifest: {
    code: 'MANIFEST_EMPTY',
    status: 422,
    message: 'No parcel at {location} waits for a manifest of {carrier}.',
  },
})
