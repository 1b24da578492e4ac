import { Type } from 'typebox'
import { command, query } from '#platform/operations'
import { cancelBulk, startBulk } from './commands.ts'
import { bulkErrors as errors } from './errors.ts'
import { bulkLifecycle } from './lifecycle.ts'
import { getBulk, listBulkActions, listBulkRows, listBulks } from './queries.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const bulkOperations = [
  query('orders.list_bulk_actions', {
    rest: 'GET /api/v1/orders/bulk-actions',
    permission: 'orders:update',
    summary: 'List what can be done to many orders at once',
    input: Type.Object({}),
    output: of.BulkActions,
    example: {},
    run: listBulkActions,
  }),
  command('orders.start_bulk', {
    rest: 'POST /api/v1/orders/bulk',
    permission: 'orders:update',
    summary: 'Do something to many orders',
    description:
      'To those named, or to those that a filter of the order list finds now. It is done in the background, each order by itself and once, with a result for each; a dry run tries everything and keeps nothing.',
    status: 202,
    isolation: 'read committed',
    input: of.StartBulk,
    output: of.Bulk,
    errors: [errors.unknown_action],
    example: {
      action: 'add_tags',
      parameters: { tags: ['rush'] },
      filter: { status: ['confirmed'], tag: ['vip'] },
      dry_run: true,
    },
    run: startBulk,
  }),
  query('orders.list_bulks', {
    rest: 'GET /api/v1/orders/bulk',
    permission: 'orders:update',
    summary: 'List bulk operations on orders, newest first',
    input: of.ListBulks,
    output: of.Bulks,
    example: { limit: 20 },
    run: listBulks,
  }),
  query('orders.get_bulk', {
    rest: 'GET /api/v1/orders/bulk/:id',
    permission: 'orders:update',
    summary: 'Read how far a bulk operation is',
    consistency: 'statement',
    input: of.GetBulk,
    output: of.Bulk,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: getBulk,
  }),
  query('orders.list_bulk_rows', {
    rest: 'GET /api/v1/orders/bulk/:id/rows',
    permission: 'orders:update',
    summary: 'List what came of each order of a bulk operation',
    input: of.ListBulkRows,
    output: of.BulkRows,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, result: 'failed', limit: 50 },
    run: listBulkRows,
  }),
  command('orders.cancel_bulk', {
    rest: 'POST /api/v1/orders/bulk/:id/cancel',
    permission: 'orders:update',
    summary: 'Stop a bulk operation',
    description: 'What was done until then stays.',
    input: of.GetBulk,
    output: of.Bulk,
    errors: [errors.not_found, ...bulkLifecycle.refusals('cancel')],
    example: { id: EXAMPLE_ID },
    run: cancelBulk,
  }),
]
