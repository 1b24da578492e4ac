import { command, query } from '#platform/operations'
import { inventoryErrors as errors } from '../errors.ts'
import { availableToPromise } from './available-to-promise.ts'
import { supplyLifecycle } from './lifecycle.ts'
import * as of from './schemas.ts'
import {
  cancelSupply,
  changeSupply,
  expectSupply,
  getSupply,
  listSupplies,
  receiveSupply,
} from './supplies.ts'

const SUPPLY = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const promisingOperations = [
  query('inventory.available_to_promise', {
    rest: 'GET /api/v1/inventory/:id/available-to-promise',
    permission: 'inventory:read',
    summary: 'Read how many units can be promised for which day, and what that is made of',
    description:
      'What is available now, plus supplies and transfers on the day they are expected, less what ' +
      'is promised ahead of stock on the day it was promised for. For a day it is the least that ' +
      'is left over from that day on. With `location_id` only what is there, or comes there, ' +
      'counts; units that wait have no location yet and count everywhere.',
    input: of.GetPromise,
    output: of.AvailableToPromise,
    errors: [errors.item_not_found, errors.location_not_found],
    example: { id: 'MUG-BLUE', quantity: 30 },
    run: availableToPromise,
  }),
  query('inventory.list_supplies', {
    rest: 'GET /api/v1/inventory/supplies',
    permission: 'inventory:read',
    summary: 'List what is expected from outside, newest first',
    input: of.ListSupplies,
    output: of.Supplies,
    errors: [errors.item_not_found, errors.location_not_found],
    example: { status: 'expected' },
    run: listSupplies,
  }),
  query('inventory.get_supply', {
    rest: 'GET /api/v1/inventory/supplies/:id',
    permission: 'inventory:read',
    summary: 'Read one expected supply',
    input: of.GetSupply,
    output: of.Supply,
    errors: [errors.supply_not_found],
    example: { id: SUPPLY },
    run: getSupply,
  }),
  command('inventory.expect_supply', {
    rest: 'POST /api/v1/inventory/supplies',
    permission: 'inventory:adjust',
    summary: 'Write down what will come from outside, and when',
    status: 201,
    input: of.ExpectSupply,
    output: of.Supply,
    errors: [errors.item_not_found, errors.location_not_found],
    example: {
      item_number: 'MUG-BLUE',
      location_id: 'MAIN',
      quantity: 200,
      expected_at: '2026-12-10T08:00:00Z',
      reference: 'PO-1042',
    },
    run: expectSupply,
  }),
  command('inventory.change_supply', {
    rest: 'PATCH /api/v1/inventory/supplies/:id',
    permission: 'inventory:adjust',
    summary: 'Say that it comes at another time or in another number',
    isolation: 'read committed',
    input: of.ChangeSupply,
    output: of.Supply,
    errors: [
      errors.supply_not_found,
      errors.fewer_than_received,
      ...supplyLifecycle.refusals('change'),
    ],
    example: { id: SUPPLY, expected_at: '2026-12-17T08:00:00Z' },
    run: changeSupply,
  }),
  command('inventory.receive_supply', {
    rest: 'POST /api/v1/inventory/supplies/:id/receive',
    permission: 'inventory:adjust',
    summary: 'Take in what came of a supply, all or part of it',
    isolation: 'read committed',
    input: of.ReceiveSupply,
    output: of.Supply,
    errors: [
      errors.supply_not_found,
      errors.more_than_expected,
      ...supplyLifecycle.refusals('receive'),
    ],
    example: { id: SUPPLY, quantity: 120, unit_cost: '3.10' },
    run: receiveSupply,
  }),
  command('inventory.cancel_supply', {
    rest: 'POST /api/v1/inventory/supplies/:id/cancel',
    permission: 'inventory:adjust',
    summary: 'Give up what has not come of a supply',
    isolation: 'read committed',
    input: of.GetSupply,
    output: of.Supply,
    errors: [errors.supply_not_found, ...supplyLifecycle.refusals('cancel')],
    example: { id: SUPPLY },
    run: cancelSupply,
  }),
]
