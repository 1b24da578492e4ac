import { inventoryErrors } from '#modules/inventory'
import { command, query } from '#platform/operations'
import { warehouseErrors as errors } from '../errors.ts'
import { recordConsumption } from './consume.ts'
import { getLotGenealogy, getSerialGenealogy } from './genealogy.ts'
import { getSerial, listSerialHistory, listSerials } from './queries.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const serialOperations = [
  query('warehouse.list_serials', {
    rest: 'GET /api/v1/serials',
    permission: 'inventory:read',
    summary: 'List serial numbers',
    input: of.ListSerials,
    output: of.Serials,
    errors: [inventoryErrors.item_not_found, inventoryErrors.location_not_found],
    example: { serial_number: 'SN-0001', limit: 20 },
    run: listSerials,
  }),
  query('warehouse.get_serial', {
    rest: 'GET /api/v1/serials/:id',
    permission: 'inventory:read',
    summary: 'Read where a serial number is',
    input: of.GetSerial,
    output: of.Serial,
    errors: [errors.serial_not_found],
    example: { id: EXAMPLE_ID },
    run: getSerial,
  }),
  query('warehouse.list_serial_history', {
    rest: 'GET /api/v1/serials/:id/history',
    permission: 'inventory:read',
    summary: 'List what happened to a serial number',
    description: 'When it came, moved, left and for whom, and came back; newest first.',
    input: of.ListSerialHistory,
    output: of.SerialHistory,
    errors: [errors.serial_not_found],
    example: { id: EXAMPLE_ID, limit: 50 },
    run: listSerialHistory,
  }),
  query('warehouse.get_serial_genealogy', {
    rest: 'GET /api/v1/serials/:id/genealogy',
    permission: 'inventory:read',
    summary: 'Read what a serial number is made of, went into, and who got it',
    input: of.GetSerial,
    output: of.Genealogy,
    errors: [errors.serial_not_found],
    example: { id: EXAMPLE_ID },
    run: getSerialGenealogy,
  }),
  query('warehouse.get_lot_genealogy', {
    rest: 'GET /api/v1/lots/:id/genealogy',
    permission: 'inventory:read',
    summary: 'Read what a lot is made of, went into, and who got it',
    input: of.GetLotGenealogy,
    output: of.Genealogy,
    errors: [errors.lot_not_found],
    example: { id: EXAMPLE_ID },
    run: getLotGenealogy,
  }),
  command('warehouse.record_consumption', {
    rest: 'POST /api/v1/warehouse/consumptions',
    permission: 'inventory:adjust',
    summary: 'Record which lots and serial numbers went into another',
    description:
      'For genealogy in both directions. With `location_id` the components leave its stock.',
    status: 201,
    input: of.RecordConsumption,
    output: of.RecordedConsumption,
    errors: [
      errors.lot_not_found,
      errors.serial_not_found,
      errors.made_of_itself,
      errors.not_there,
      errors.serial_not_there,
      inventoryErrors.location_not_found,
      inventoryErrors.below_reserved,
    ],
    example: { made: { lot_id: EXAMPLE_ID }, components: [{ lot_id: EXAMPLE_ID, quantity: 3 }] },
    run: recordConsumption,
  }),
]
