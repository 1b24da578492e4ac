import { inventoryErrors } from '#modules/inventory'
import { process, query } from '#platform/operations'
import { shipmentErrors as errors } from '../errors.ts'
import { closeManifest } from './close-manifest.ts'
import { getManifest, listManifests } from './queries.ts'
import { CloseManifest, GetManifest, ListManifests, Manifest, Manifests } from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const manifestOperations = [
  process('shipments.close_manifest', {
    rest: 'POST /api/v1/manifests',
    permission: 'shipments:update',
    summary: 'Hand a day’s parcels over to a carrier with one paper',
    description:
      'All that were bought of it at the location and stand on no manifest yet. It may be `sent` for a while: a call that broke off is made again without you.',
    status: 201,
    input: CloseManifest,
    output: Manifest,
    errors: [
      errors.carrier_unknown,
      errors.nothing_to_manifest,
      inventoryErrors.location_not_found,
    ],
    example: { carrier: 'table', location_id: 'MAIN' },
    run: closeManifest,
  }),
  query('shipments.list_manifests', {
    rest: 'GET /api/v1/manifests',
    permission: 'shipments:update',
    summary: 'List manifests, newest first',
    input: ListManifests,
    output: Manifests,
    example: { limit: 20 },
    run: listManifests,
  }),
  query('shipments.get_manifest', {
    rest: 'GET /api/v1/manifests/:id',
    permission: 'shipments:update',
    summary: 'Read a manifest',
    description: 'To print: `GET /api/v1/manifests/{id}.pdf`.',
    input: GetManifest,
    output: Manifest,
    errors: [errors.manifest_not_found],
    example: { id: EXAMPLE_ID },
    run: getManifest,
  }),
]
