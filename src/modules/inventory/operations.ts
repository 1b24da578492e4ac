import { Type } from 'typebox'
import { command, Nothing, query } from '#platform/operations'
import { archiveItem } from './commands/archive-item.ts'
import { archiveLocation } from './commands/archive-location.ts'
import { bulkAdjust } from './commands/bulk-adjust.ts'
import { createItem } from './commands/create-item.ts'
import { createLocation } from './commands/create-location.ts'
import { updateItem } from './commands/update-item.ts'
import { updateLocation } from './commands/update-location.ts'
import { inventoryErrors as errors } from './errors.ts'
import { getLocation, listLocations } from './location-queries.ts'
import * as at from './location-schemas.ts'
import { listMovements } from './movement-queries.ts'
import { promisingOperations } from './promising/operations.ts'
import { getItem, listItems, listLowStock } from './queries.ts'
import { reservationOperations } from './reservations/operations.ts'
import { routingOperations } from './routing/operations.ts'
import * as of from './schemas.ts'
import { InventoryStatistics, inventoryStatistics } from './statistics.ts'
import { stockOperations } from './stock/operations.ts'
import { transferOperations } from './transfers/operations.ts'
import { unitOperations } from './units/operations.ts'

const items = [
  query('inventory.list', {
    rest: 'GET /api/v1/inventory',
    permission: 'inventory:read',
    summary: 'List items with their stock',
    input: of.ListItems,
    output: of.Items,
    errors: [errors.item_not_found, errors.location_not_found],
    example: { limit: 20, low_stock: true },
    run: listItems,
  }),
  query('inventory.list_low_stock', {
    rest: 'GET /api/v1/inventory/low-stock',
    permission: 'inventory:read',
    summary: 'List items that run low',
    description: 'An item runs low at its reorder point, 10 if it has none, or at `threshold`.',
    input: of.ListLowStock,
    output: of.Items,
    errors: [errors.location_not_found],
    example: { threshold: 5 },
    run: listLowStock,
  }),
  query('inventory.get_statistics', {
    rest: 'GET /api/v1/inventory/statistics',
    permission: 'inventory:read',
    summary: 'Read how much stock there is, in bands',
    input: Type.Object({}),
    output: InventoryStatistics,
    example: {},
    run: inventoryStatistics,
  }),
  query('inventory.get', {
    rest: 'GET /api/v1/inventory/:id',
    permission: 'inventory:read',
    summary: 'Read an item with its stock at every location',
    input: of.GetItem,
    output: of.InventoryItem,
    errors: [errors.item_not_found],
    example: { id: 'MUG-BLUE' },
    run: getItem,
  }),
  query('inventory.list_movements', {
    rest: 'GET /api/v1/inventory/:id/movements',
    permission: 'inventory:read',
    summary: "Read an item's stock ledger, newest first",
    input: of.ListMovements,
    output: of.Movements,
    errors: [errors.item_not_found],
    example: { id: 'MUG-BLUE' },
    run: listMovements,
  }),
  command('inventory.create', {
    rest: 'POST /api/v1/inventory',
    permission: 'inventory:adjust',
    summary: 'Keep an item and receive its units',
    description: 'An item that is kept already keeps its facts; the quantity is added.',
    status: 201,
    input: of.CreateItem,
    output: of.InventoryItem,
    errors: [errors.location_not_found, errors.sku_taken],
    example: { item_number: 'MUG-BLUE', location_id: 1, quantity_on_hand: 40, reason: 'delivery' },
    run: createItem,
  }),
  command('inventory.update', {
    rest: 'PUT /api/v1/inventory/:id',
    permission: 'inventory:adjust',
    summary: "Change an item's facts or count its stock at one location",
    input: of.UpdateItem,
    output: of.InventoryItem,
    errors: [errors.item_not_found, errors.location_not_found, errors.below_reserved],
    example: { id: 'MUG-BLUE', location_id: 1, on_hand: 38, reason: 'two broken' },
    run: updateItem,
  }),
  command('inventory.archive', {
    rest: 'DELETE /api/v1/inventory/:id',
    permission: 'inventory:adjust',
    summary: 'Write an item off and keep it no longer',
    status: 204,
    input: of.GetItem,
    output: Nothing,
    errors: [errors.item_not_found, errors.item_in_use],
    example: { id: 'MUG-BLUE' },
    run: archiveItem,
  }),
  command('inventory.bulk_adjust', {
    rest: 'POST /api/v1/inventory/bulk-adjust',
    permission: 'inventory:adjust',
    summary: 'Post up to 100 stock differences',
    description: 'Bad rows are reported and left out; all others are posted together.',
    input: of.BulkAdjust,
    output: of.BulkAdjusted,
    example: { adjustments: [{ item_number: 'MUG-BLUE', location_id: 1, quantity_delta: -2 }] },
    run: bulkAdjust,
  }),
]

const locations = [
  query('inventory.list_locations', {
    rest: 'GET /api/v1/locations',
    permission: 'inventory:read',
    summary: 'List locations',
    input: at.ListLocations,
    output: at.Locations,
    example: {},
    run: listLocations,
  }),
  query('inventory.get_location', {
    rest: 'GET /api/v1/locations/:id',
    permission: 'inventory:read',
    summary: 'Read a location',
    input: at.GetLocation,
    output: at.Location,
    errors: [errors.location_not_found],
    example: { id: 'MAIN' },
    run: getLocation,
  }),
  command('inventory.create_location', {
    rest: 'POST /api/v1/locations',
    permission: 'inventory:adjust',
    summary: 'Open a location',
    status: 201,
    input: at.CreateLocation,
    output: at.Location,
    errors: [errors.code_taken],
    example: { code: 'MAIN', name: 'Main warehouse', priority: 10 },
    run: createLocation,
  }),
  command('inventory.update_location', {
    rest: 'PUT /api/v1/locations/:id',
    permission: 'inventory:adjust',
    summary: "Change a location's name, address or priority",
    input: at.UpdateLocation,
    output: at.Location,
    errors: [errors.location_not_found],
    example: { id: 'MAIN', name: 'Central warehouse' },
    run: updateLocation,
  }),
  command('inventory.archive_location', {
    rest: 'DELETE /api/v1/locations/:id',
    permission: 'inventory:adjust',
    summary: 'Close an empty location',
    status: 204,
    input: at.GetLocation,
    output: Nothing,
    errors: [errors.location_not_found, errors.location_in_use],
    example: { id: 'MAIN' },
    run: archiveLocation,
  }),
]

export const operations = [
  ...items,
  ...stockOperations,
  ...reservationOperations,
  ...locations,
  ...routingOperations,
  ...unitOperations,
  ...transferOperations,
  ...promisingOperations,
]
