import { Type } from 'typebox'
import { command, Nothing, query } from '#platform/operations'
import { shipmentErrors as errors } from '../errors.ts'
import { CarrierService, CarrierServices, GetService, PutService } from './schemas.ts'
import { archiveService, getService, listServices, putService } from './services.ts'

export const carrierServiceOperations = [
  query('shipments.list_carrier_services', {
    rest: 'GET /api/v1/carrier-services',
    permission: 'shipping:read',
    summary: 'List the services of the built-in carrier',
    description: 'While there is none, standing ones apply: standard, two-day and overnight.',
    input: Type.Object({}),
    output: CarrierServices,
    example: {},
    run: listServices,
  }),
  query('shipments.get_carrier_service', {
    rest: 'GET /api/v1/carrier-services/:code',
    permission: 'shipping:read',
    summary: 'Read a service of the built-in carrier with its table',
    input: GetService,
    output: CarrierService,
    errors: [errors.service_not_found],
    example: { code: 'parcel' },
    run: getService,
  }),
  command('shipments.put_carrier_service', {
    rest: 'PUT /api/v1/carrier-services/:code',
    permission: 'shipping:write',
    summary: 'Make a service of the built-in carrier, or replace its table',
    description:
      'Zones by weights, with the days that it takes. Of several zones the one counts that says most about the place: postal prefix, region, country, everywhere.',
    isolation: 'read committed',
    input: PutService,
    output: CarrierService,
    errors: [errors.too_many_services],
    example: {
      code: 'parcel',
      name: 'Parcel',
      method: 'standard',
      currency: 'USD',
      zones: [
        {
          name: 'At home',
          areas: [{ country: 'US' }],
          delivery_days: 3,
          bands: [
            { up_to_grams: 1000, amount: '5.90' },
            { up_to_grams: 10000, amount: '9.90' },
          ],
        },
        { name: 'Abroad', delivery_days: 9, bands: [{ up_to_grams: 10000, amount: '34.00' }] },
      ],
    },
    run: putService,
  }),
  command('shipments.archive_carrier_service', {
    rest: 'DELETE /api/v1/carrier-services/:code',
    permission: 'shipping:write',
    summary: 'Give up a service of the built-in carrier',
    status: 204,
    isolation: 'read committed',
    input: GetService,
    output: Nothing,
    errors: [errors.service_not_found],
    example: { code: 'parcel' },
    run: archiveService,
  }),
]
