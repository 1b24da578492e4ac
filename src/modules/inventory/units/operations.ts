import { command, Nothing, query } from '#platform/operations'
import { inventoryErrors as errors } from '../errors.ts'
import { deleteUnit, listUnits, putUnit } from './item-units.ts'
import * as of from './schemas.ts'

export const unitOperations = [
  query('inventory.list_units', {
    rest: 'GET /api/v1/inventory/:id/units',
    permission: 'inventory:read',
    summary: 'List the other units of an item',
    input: of.ListUnits,
    output: of.ItemUnits,
    errors: [errors.item_not_found],
    example: { id: 'MUG-BLUE' },
    run: listUnits,
  }),
  command('inventory.put_unit', {
    rest: 'PUT /api/v1/inventory/:id/units/:code',
    permission: 'inventory:adjust',
    summary: 'Say how many of its own unit another unit of an item is',
    description:
      'As a fraction, so that it is exact: a box of twelve is 12 / 1. Amounts in it are accepted ' +
      'where units are received, adjusted and transferred, and stored in the own unit.',
    input: of.PutUnit,
    output: of.ItemUnit,
    errors: [errors.item_not_found, errors.too_many_units],
    example: { id: 'MUG-BLUE', code: 'BOX', numerator: 12 },
    run: putUnit,
  }),
  command('inventory.delete_unit', {
    rest: 'DELETE /api/v1/inventory/:id/units/:code',
    permission: 'inventory:adjust',
    summary: 'Take a unit of an item away',
    status: 204,
    input: of.GetUnit,
    output: Nothing,
    errors: [errors.item_not_found, errors.unit_not_found],
    example: { id: 'MUG-BLUE', code: 'BOX' },
    run: deleteUnit,
  }),
]
