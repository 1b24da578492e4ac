import { command, query } from '#platform/operations'
import { inventoryErrors as errors } from '../errors.ts'
import { InventoryItem, ItemLocation } from '../schemas.ts'
import { adjustItem, changeState, pickItems, receiveItems } from './move-units.ts'
import { listBackorders, listSuggestions } from './queries.ts'
import * as of from './schemas.ts'
import { setShelf } from './set-shelf.ts'

const found = [errors.item_not_found, errors.location_not_found]
const units = [errors.unit_not_found, errors.unit_not_exact]

const writes = [
  command('inventory.adjust', {
    rest: 'POST /api/v1/inventory/:id/adjust',
    permission: 'inventory:adjust',
    summary: 'Post a difference of one shelf',
    description:
      'In any unit and state of the item. The location may be left out where it lies at just one.',
    isolation: 'read committed',
    input: of.AdjustItem,
    output: InventoryItem,
    errors: [...found, ...units, errors.below_reserved, errors.not_in_state],
    example: { id: 'MUG-BLUE', location_id: 'MAIN', quantity_delta: -2, reason: 'broken' },
    run: adjustItem,
  }),
  command('inventory.change_state', {
    rest: 'POST /api/v1/inventory/:id/change-state',
    permission: 'inventory:adjust',
    summary: 'Move units from one state to another',
    description:
      'Only sellable units are on hand and can be promised; promised ones stay sellable.',
    isolation: 'read committed',
    input: of.ChangeState,
    output: InventoryItem,
    errors: [...found, ...units, errors.below_reserved, errors.not_in_state],
    example: {
      id: 'MUG-BLUE',
      location_id: 'MAIN',
      quantity: 3,
      from: 'sellable',
      to: 'quarantine',
      reason: 'a crack in the glaze',
    },
    run: changeState,
  }),
  command('inventory.receive', {
    rest: 'POST /api/v1/inventory/receive',
    permission: 'inventory:adjust',
    summary: 'Take in units of many items',
    description: 'All or nothing. What waits for stock is served first, oldest first.',
    isolation: 'read committed',
    input: of.ReceiveItems,
    output: of.MovedUnits,
    errors: [...found, ...units],
    example: {
      location_id: 'MAIN',
      items: [{ item_number: 'MUG-BLUE', quantity: 2, unit: 'BOX', unit_cost: '3.10' }],
      currency: 'USD',
      reference_type: 'delivery',
      reference_id: 'D-77',
    },
    run: receiveItems,
  }),
  command('inventory.pick', {
    rest: 'POST /api/v1/inventory/pick',
    permission: 'inventory:adjust',
    summary: 'Take reserved units off the shelves',
    description: 'Of what was reserved by hand under the reference; orders ship their own.',
    isolation: 'read committed',
    input: of.PickItems,
    output: of.MovedUnits,
    errors: [...found, errors.not_held],
    example: { reference_id: 'WO-17', items: [{ item_number: 'MUG-BLUE', quantity: 2 }] },
    run: pickItems,
  }),
  command('inventory.set_shelf', {
    rest: 'PUT /api/v1/inventory/:id/locations/:location_id',
    permission: 'inventory:adjust',
    summary: 'Set safety stock and reorder point of an item at a location',
    description: 'Safety stock is never promised; what is promised already stays so.',
    input: of.SetShelf,
    output: ItemLocation,
    errors: found,
    example: { id: 'MUG-BLUE', location_id: 'MAIN', safety_stock: 5, reorder_point: 20 },
    run: setShelf,
  }),
]

const reads = [
  query('inventory.list_reorder_suggestions', {
    rest: 'GET /api/v1/inventory/reorder-suggestions',
    permission: 'inventory:read',
    summary: 'List what to order, and how much',
    description:
      'Shelves with a reorder point of their own or of their item, at or below it even with what ' +
      'is on its way there.',
    input: of.ListSuggestions,
    output: of.ReorderSuggestions,
    errors: [errors.location_not_found],
    example: { location_id: 'MAIN' },
    run: listSuggestions,
  }),
  query('inventory.list_backorders', {
    rest: 'GET /api/v1/inventory/backorders',
    permission: 'inventory:read',
    summary: 'List what waits for stock, oldest first',
    input: of.ListBackorders,
    output: of.Backorders,
    errors: [errors.item_not_found],
    example: { product_id: 'MUG-BLUE' },
    run: listBackorders,
  }),
]

export const stockOperations = [...reads, ...writes]
