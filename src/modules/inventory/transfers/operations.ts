import { command, query } from '#platform/operations'
import { inventoryErrors as errors } from '../errors.ts'
import { cancelTransfer, receiveTransfer, writeOffTransfer } from './arrive.ts'
import { dispatchTransfer } from './dispatch.ts'
import { createTransfer, updateTransfer } from './draft.ts'
import { transferLifecycle } from './lifecycle.ts'
import { getTransfer, listTransferLines, listTransferReceipts, listTransfers } from './queries.ts'
import * as of from './schemas.ts'

const found = [errors.transfer_not_found]
const units = [errors.item_not_found, errors.unit_not_found, errors.unit_not_exact]

const reads = [
  query('inventory.list_transfers', {
    rest: 'GET /api/v1/inventory/transfers',
    permission: 'inventory:read',
    summary: 'List transfers between locations, newest first',
    input: of.ListTransfers,
    output: of.Transfers,
    errors: [errors.location_not_found],
    example: { status: 'in_transit' },
    run: listTransfers,
  }),
  query('inventory.get_transfer', {
    rest: 'GET /api/v1/inventory/transfers/:id',
    permission: 'inventory:read',
    summary: 'Read a transfer with its sums',
    input: of.GetTransfer,
    output: of.Transfer,
    errors: found,
    example: { id: 'TR-1001' },
    run: getTransfer,
  }),
  query('inventory.list_transfer_lines', {
    rest: 'GET /api/v1/inventory/transfers/:id/lines',
    permission: 'inventory:read',
    summary: 'List the lines of a transfer',
    input: of.ListOfTransfer,
    output: of.TransferLines,
    errors: found,
    example: { id: 'TR-1001', limit: 100 },
    run: listTransferLines,
  }),
  query('inventory.list_transfer_receipts', {
    rest: 'GET /api/v1/inventory/transfers/:id/receipts',
    permission: 'inventory:read',
    summary: 'List what became of the units of a transfer, oldest first',
    input: of.ListOfTransfer,
    output: of.TransferReceipts,
    errors: found,
    example: { id: 'TR-1001' },
    run: listTransferReceipts,
  }),
]

const writes = [
  command('inventory.create_transfer', {
    rest: 'POST /api/v1/inventory/transfers',
    permission: 'inventory:adjust',
    summary: 'Plan a transfer between two locations',
    description:
      'Up to 10,000 lines; those of one item become one. Nothing moves yet. With `hold_stock` its units are promised to it until they leave; a draft without it holds nothing.',
    status: 201,
    isolation: 'read committed',
    input: of.CreateTransfer,
    output: of.Transfer,
    errors: [errors.location_not_found, errors.insufficient_stock, ...units],
    example: {
      from_location_id: 'MAIN',
      to_location_id: 'SHOP',
      lines: [{ item_number: 'MUG-BLUE', quantity: 2, unit: 'BOX' }],
    },
    run: createTransfer,
  }),
  command('inventory.update_transfer', {
    rest: 'PUT /api/v1/inventory/transfers/:id',
    permission: 'inventory:adjust',
    summary: 'Change a transfer that has not left',
    description: 'Lines are replaced as a whole.',
    isolation: 'read committed',
    input: of.UpdateTransfer,
    output: of.Transfer,
    errors: [...found, errors.transfer_has_left, errors.insufficient_stock, ...units],
    example: { id: 'TR-1001', notes: 'by the morning van' },
    run: updateTransfer,
  }),
  command('inventory.dispatch_transfer', {
    rest: 'POST /api/v1/inventory/transfers/:id/dispatch',
    permission: 'inventory:adjust',
    summary: 'Send the units of a transfer',
    description:
      'All that was planned, but for `lines` that say otherwise. They leave what is available at ' +
      'the first location and are on their way.',
    isolation: 'read committed',
    input: of.DispatchTransfer,
    output: of.Transfer,
    errors: [
      ...found,
      errors.item_not_found,
      errors.insufficient_stock,
      errors.below_reserved,
      ...transferLifecycle.refusals('dispatch'),
    ],
    example: { id: 'TR-1001' },
    run: dispatchTransfer,
  }),
  command('inventory.receive_transfer', {
    rest: 'POST /api/v1/inventory/transfers/:id/receive',
    permission: 'inventory:adjust',
    summary: 'Take in what arrived of a transfer',
    description:
      'In part, as often as it arrives; everything on its way without `lines`. What did not ' +
      'arrive is written off with `lost_quantity` and a reason.',
    isolation: 'read committed',
    input: of.ReceiveTransfer,
    output: of.Transfer,
    errors: [...found, ...units, errors.over_received, ...transferLifecycle.refusals('receive')],
    example: {
      id: 'TR-1001',
      lines: [
        { item_number: 'MUG-BLUE', quantity: 23, lost_quantity: 1, reason: 'broken on the way' },
      ],
    },
    run: receiveTransfer,
  }),
  command('inventory.write_off_transfer', {
    rest: 'POST /api/v1/inventory/transfers/:id/write-off',
    permission: 'inventory:adjust',
    summary: 'Write off what is still on its way',
    isolation: 'read committed',
    input: of.WriteOffTransfer,
    output: of.Transfer,
    errors: [...found, ...transferLifecycle.refusals('receive')],
    example: { id: 'TR-1001', reason: 'the van burned' },
    run: writeOffTransfer,
  }),
  command('inventory.cancel_transfer', {
    rest: 'POST /api/v1/inventory/transfers/:id/cancel',
    permission: 'inventory:adjust',
    summary: 'Give a transfer up',
    description: 'What is on its way goes back to the shelves it came from.',
    isolation: 'read committed',
    input: of.CancelTransfer,
    output: of.Transfer,
    errors: [...found, ...transferLifecycle.refusals('cancel')],
    example: { id: 'TR-1001', reason: 'no longer needed' },
    run: cancelTransfer,
  }),
]

export const transferOperations = [...reads, ...writes]
