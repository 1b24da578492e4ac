import { inventoryErrors } from '#modules/inventory'
import { command, query } from '#platform/operations'
import { warehouseErrors as errors } from '../errors.ts'
import { blockLot, createLot, unblockLot, updateLot } from './commands.ts'
import { proposePick } from './pick.ts'
import { getLot, listExpiring, listLotHistory, listLots } from './queries.ts'
import { receiveUnits } from './receive.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const { item_not_found, location_not_found } = inventoryErrors

const reads = [
  query('warehouse.list_lots', {
    rest: 'GET /api/v1/lots',
    permission: 'inventory:read',
    summary: 'List lots, the newest first',
    input: of.ListLots,
    output: of.Lots,
    errors: [item_not_found],
    example: { item_id: 'MUG-BLUE', limit: 20 },
    run: listLots,
  }),
  query('warehouse.list_expiring_lots', {
    rest: 'GET /api/v1/lots/expiring',
    permission: 'inventory:read',
    summary: 'List lots whose last good day is near or over',
    input: of.ListExpiring,
    output: of.Lots,
    errors: [location_not_found],
    example: { within_days: 14, limit: 20 },
    run: listExpiring,
  }),
  query('warehouse.get_lot', {
    rest: 'GET /api/v1/lots/:id',
    permission: 'inventory:read',
    summary: 'Read a lot',
    input: of.GetLot,
    output: of.Lot,
    errors: [errors.lot_not_found],
    example: { id: EXAMPLE_ID },
    run: getLot,
  }),
  query('warehouse.list_lot_history', {
    rest: 'GET /api/v1/lots/:id/history',
    permission: 'inventory:read',
    summary: 'List what happened to the units of a lot',
    description: 'Receipts, moves, shipments and returns with what they were for, newest first.',
    input: of.ListLotHistory,
    output: of.LotHistory,
    errors: [errors.lot_not_found],
    example: { id: EXAMPLE_ID, limit: 50 },
    run: listLotHistory,
  }),
  query('warehouse.propose_pick', {
    rest: 'GET /api/v1/inventory/:id/pick-proposal',
    permission: 'inventory:read',
    summary: 'Propose where to take units from: what expires first',
    input: of.ProposePick,
    output: of.PickProposal,
    errors: [item_not_found, location_not_found],
    example: { id: 'MUG-BLUE', location_id: 'MAIN', quantity: 5 },
    run: proposePick,
  }),
]

const commands = [
  command('warehouse.receive_units', {
    rest: 'POST /api/v1/warehouse/receipts',
    permission: 'inventory:adjust',
    summary: 'Receive units with their lots and serial numbers',
    description:
      'All lines or none. A lot that is not known is made. Without `bin`, units land in the first ' +
      'receiving bin of a location that keeps them by bin.',
    status: 201,
    input: of.ReceiveUnits,
    output: of.ReceivedUnits,
    errors: [
      item_not_found,
      location_not_found,
      errors.bin_not_found,
      errors.bin_elsewhere,
      errors.not_in_bins,
      errors.lot_taken,
      errors.lots_required,
      errors.lots_unwanted,
      errors.serials_required,
      errors.serials_unwanted,
      errors.serial_twice,
      errors.serial_in_stock,
    ],
    example: { location_id: 'MAIN', lines: [{ item_id: 'MUG-BLUE', quantity: 24 }] },
    run: receiveUnits,
  }),
  command('warehouse.create_lot', {
    rest: 'POST /api/v1/lots',
    permission: 'inventory:adjust',
    summary: 'Make a lot that has no units yet',
    status: 201,
    input: of.CreateLot,
    output: of.Lot,
    errors: [item_not_found, errors.lot_taken],
    example: { item_id: 'MUG-BLUE', lot_number: 'L-2026-11', expires_on: '2027-11-30' },
    run: createLot,
  }),
  command('warehouse.update_lot', {
    rest: 'PUT /api/v1/lots/:id',
    permission: 'inventory:adjust',
    summary: 'Change the dates or the origin of a lot',
    input: of.UpdateLot,
    output: of.Lot,
    errors: [errors.lot_not_found],
    example: { id: EXAMPLE_ID, expires_on: '2027-10-31' },
    run: updateLot,
  }),
  command('warehouse.block_lot', {
    rest: 'POST /api/v1/lots/:id/block',
    permission: 'inventory:adjust',
    summary: 'Keep a lot from being picked and shipped',
    input: of.BlockLot,
    output: of.Lot,
    errors: [errors.lot_not_found],
    example: { id: EXAMPLE_ID, reason: 'Waits for the laboratory.' },
    run: blockLot,
  }),
  command('warehouse.unblock_lot', {
    rest: 'POST /api/v1/lots/:id/unblock',
    permission: 'inventory:adjust',
    summary: 'Let a lot be picked and shipped again',
    input: of.GetLot,
    output: of.Lot,
    errors: [errors.lot_not_found, errors.recalled],
    example: { id: EXAMPLE_ID },
    run: unblockLot,
  }),
]

export const lotOperations = [...reads, ...commands]
