import { taxErrors } from '#modules/tax'
import { command, Nothing, query } from '#platform/operations'
import { archiveMethod } from './commands/archive-method.ts'
import { archiveZone } from './commands/archive-zone.ts'
import { createMethod } from './commands/create-method.ts'
import { createZone } from './commands/create-zone.ts'
import { updateMethod } from './commands/update-method.ts'
import { updateZone } from './commands/update-zone.ts'
import { shippingErrors as errors } from './errors.ts'
import { getMethod, listMethods } from './methods.ts'
import { quoteShipping } from './quote.ts'
import * as of from './schemas.ts'
import { getZone, listZones } from './zones.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const EXAMPLE_AREAS = [
  { country: 'US', region: 'AK' },
  { country: 'US', region: 'HI' },
]

const zones = [
  query('shipping.list_zones', {
    rest: 'GET /api/v1/shipping/zones',
    permission: 'shipping:read',
    summary: 'List shipping zones with their areas',
    input: of.ListZones,
    output: of.Zones,
    example: { limit: 20 },
    run: listZones,
  }),
  query('shipping.get_zone', {
    rest: 'GET /api/v1/shipping/zones/:id',
    permission: 'shipping:read',
    summary: 'Read a shipping zone with its areas',
    input: of.GetZone,
    output: of.Zone,
    errors: [errors.zone_not_found],
    example: { id: EXAMPLE_ID },
    run: getZone,
  }),
  command('shipping.create_zone', {
    rest: 'POST /api/v1/shipping/zones',
    permission: 'shipping:write',
    summary: 'Make a shipping zone of countries, regions or postal codes',
    status: 201,
    input: of.CreateZone,
    output: of.Zone,
    errors: [errors.zone_name_taken],
    example: { name: 'Alaska and Hawaii', areas: EXAMPLE_AREAS },
    run: createZone,
  }),
  command('shipping.update_zone', {
    rest: 'PUT /api/v1/shipping/zones/:id',
    permission: 'shipping:write',
    summary: "Change a shipping zone's name or areas",
    description: '`areas` are replaced as a whole.',
    input: of.UpdateZone,
    output: of.Zone,
    errors: [errors.zone_not_found, errors.zone_name_taken],
    example: { id: EXAMPLE_ID, areas: EXAMPLE_AREAS },
    run: updateZone,
  }),
  command('shipping.archive_zone', {
    rest: 'DELETE /api/v1/shipping/zones/:id',
    permission: 'shipping:write',
    summary: 'Give up a shipping zone that no method goes to',
    status: 204,
    input: of.GetZone,
    output: Nothing,
    errors: [errors.zone_not_found, errors.zone_in_use],
    example: { id: EXAMPLE_ID },
    run: archiveZone,
  }),
]

const methods = [
  query('shipping.list_methods', {
    rest: 'GET /api/v1/shipping/methods',
    permission: 'shipping:read',
    summary: 'List shipping methods with their rates',
    input: of.ListMethods,
    output: of.Methods,
    example: { currency: 'USD', limit: 20 },
    run: listMethods,
  }),
  query('shipping.get_method', {
    rest: 'GET /api/v1/shipping/methods/:id',
    permission: 'shipping:read',
    summary: 'Read a shipping method with its rates',
    input: of.GetMethod,
    output: of.Method,
    errors: [errors.method_not_found],
    example: { id: EXAMPLE_ID },
    run: getMethod,
  }),
  command('shipping.create_method', {
    rest: 'POST /api/v1/shipping/methods',
    permission: 'shipping:write',
    summary: 'Make a shipping method with its rates',
    description:
      'Methods of one code may go to different zones: the most specific one for a destination ' +
      'counts. The first method that is made ends the built-in Standard, Express and Overnight.',
    status: 201,
    input: of.CreateMethod,
    output: of.Method,
    errors: [
      errors.method_taken,
      errors.zone_unknown,
      errors.bands_overlap,
      errors.too_many_methods,
      taxErrors.class_unknown,
    ],
    example: {
      code: 'standard',
      name: 'Standard',
      currency: 'USD',
      estimated_days_min: 3,
      estimated_days_max: 5,
      rates: [
        { max_subtotal: '50.00', amount: '10.00' },
        { min_subtotal: '50.00', amount: '0' },
      ],
    },
    run: createMethod,
  }),
  command('shipping.update_method', {
    rest: 'PUT /api/v1/shipping/methods/:id',
    permission: 'shipping:write',
    summary: "Change a shipping method's facts, zone or rates",
    description: 'Only what is named changes; `rates` are replaced as a whole.',
    input: of.UpdateMethod,
    output: of.Method,
    errors: [
      errors.method_not_found,
      errors.method_taken,
      errors.zone_unknown,
      errors.bands_overlap,
      taxErrors.class_unknown,
    ],
    example: { id: EXAMPLE_ID, name: 'Standard parcel', is_active: true },
    run: updateMethod,
  }),
  command('shipping.archive_method', {
    rest: 'DELETE /api/v1/shipping/methods/:id',
    permission: 'shipping:write',
    summary: 'Take a shipping method out of use',
    description: 'For good. One that rests for a while gets `is_active: false`.',
    status: 204,
    input: of.GetMethod,
    output: Nothing,
    errors: [errors.method_not_found],
    example: { id: EXAMPLE_ID },
    run: archiveMethod,
  }),
]

const quotes = [
  query('shipping.quote', {
    rest: 'GET /api/v1/shipping/quotes',
    permission: 'public',
    summary: 'Ask how a cart could be sent, and for how much',
    description:
      'Without a country, the one of the shop. If nothing is offered, `reason` says why.',
    consistency: 'statement',
    input: of.Quotes,
    output: of.Quoted,
    example: {
      country: 'US',
      region: 'AK',
      postal_code: '99501',
      currency: 'USD',
      subtotal: '29.00',
      weight_grams: 700,
    },
    run: quoteShipping,
  }),
]

export const operations = [...zones, ...methods, ...quotes]
