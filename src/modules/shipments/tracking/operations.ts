import { Type } from 'typebox'
import { command, query } from '#platform/operations'
import { shipmentErrors as errors } from '../errors.ts'
import { GetShipment, Shipment } from '../schemas.ts'
import { addTracking } from './add-tracking.ts'
import { trackByNumber, trackShipment } from './queries.ts'
import { AddTracking, GetByTracking, Tracked } from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const trackingOperations = [
  query('shipments.track_by_number', {
    rest: 'GET /api/v1/shipments/track/:tracking_number',
    permission: 'shipments:read',
    summary: 'Read the shipment with a tracking number, and what happened to it',
    description: 'The newest, where a carrier has used a number again.',
    input: GetByTracking,
    output: Type.Object({ ...Shipment.properties, ...Tracked.properties }),
    errors: [errors.tracking_not_found],
    example: { tracking_number: '1Z999AA10123456784' },
    run: trackByNumber,
  }),
  query('shipments.track', {
    rest: 'GET /api/v1/shipments/:id/track',
    permission: 'shipments:read',
    summary: 'Read where a shipment is and what happened to it',
    input: GetShipment,
    output: Tracked,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: trackShipment,
  }),
  command('shipments.add_tracking', {
    rest: 'POST /api/v1/shipments/:id/tracking',
    aliases: ['POST /api/v1/shipments/:id/tracking-events'],
    permission: 'shipments:update',
    summary: 'Add what happened to a shipment on its way',
    description:
      'In any order and as often as one likes: where it is, is what all events say together.',
    isolation: 'read committed',
    input: AddTracking,
    output: Shipment,
    errors: [errors.not_found, errors.parcel_not_found],
    example: {
      id: EXAMPLE_ID,
      status: 'in_transit',
      location: 'Boston, MA',
      description: 'Departed the sorting centre',
    },
    run: addTracking,
  }),
]
