import { inventoryErrors } from '#modules/inventory'
import { command, query } from '#platform/operations'
import { warehouseErrors as errors } from '../errors.ts'
import { addLine, approveCount, cancelCount, recountLines } from './commands.ts'
import { enterCounts } from './enter.ts'
import { countLifecycle, lineLifecycle } from './lifecycle.ts'
import { planCount } from './plan.ts'
import { getCount, listCounts, listSheet, listVariances } from './queries.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const { item_not_found, location_not_found } = inventoryErrors

const reads = [
  query('warehouse.list_counts', {
    rest: 'GET /api/v1/cycle-counts',
    permission: 'inventory:read',
    summary: 'List cycle counts, the newest first',
    input: of.ListCounts,
    output: of.CycleCounts,
    errors: [location_not_found],
    example: { status: 'counting', limit: 20 },
    run: listCounts,
  }),
  query('warehouse.get_count', {
    rest: 'GET /api/v1/cycle-counts/:id',
    permission: 'inventory:read',
    summary: 'Read how far a cycle count is',
    input: of.GetCount,
    output: of.CycleCount,
    errors: [errors.count_not_found],
    example: { id: EXAMPLE_ID },
    run: getCount,
  }),
  query('warehouse.list_count_sheet', {
    rest: 'GET /api/v1/cycle-counts/:id/sheet',
    permission: 'inventory:count',
    summary: 'List what is to be counted, in the order of a walk',
    description: 'In a blind count nothing tells what is expected.',
    input: of.ListSheet,
    output: of.Sheet,
    errors: [errors.count_not_found],
    example: { id: EXAMPLE_ID, status: 'pending', limit: 50 },
    run: listSheet,
  }),
  query('warehouse.list_count_variances', {
    rest: 'GET /api/v1/cycle-counts/:id/variances',
    permission: 'inventory:approve',
    summary: 'List what was counted beside what the books said',
    input: of.ListVariances,
    output: of.Variances,
    errors: [errors.count_not_found],
    example: { id: EXAMPLE_ID, only_differences: true, limit: 50 },
    run: listVariances,
  }),
]

const commands = [
  command('warehouse.plan_count', {
    rest: 'POST /api/v1/cycle-counts',
    permission: 'inventory:approve',
    summary: 'Plan a cycle count',
    description:
      'Of a location, or of zones, bins, items or ABC classes of it; with `lines_max` those places ' +
      'that were not counted for longest. A large plan goes on in the background.',
    status: 201,
    isolation: 'read committed',
    input: of.PlanCount,
    output: of.CycleCount,
    errors: [location_not_found, item_not_found, errors.zone_not_found, errors.bin_not_found],
    example: { location_id: 'MAIN', recount_percent: 5 },
    run: planCount,
  }),
  command('warehouse.enter_counts', {
    rest: 'POST /api/v1/cycle-counts/:id/entries',
    permission: 'inventory:count',
    summary: 'Enter what was counted',
    description:
      'Up to 500 lines. Stock may move meanwhile: a count is right for the moment it is entered. ' +
      'A difference beyond the thresholds comes back as `recount`.',
    isolation: 'read committed',
    input: of.EnterCounts,
    output: of.EnteredCounts,
    errors: [
      errors.count_not_found,
      errors.count_not_open,
      errors.count_line_not_found,
      errors.count_line_stale,
      errors.serials_required,
      errors.serials_unwanted,
      errors.serial_twice,
      ...lineLifecycle.refusals('count'),
    ],
    example: { id: EXAMPLE_ID, lines: [{ line_id: EXAMPLE_ID, quantity: 48 }] },
    run: enterCounts,
  }),
  command('warehouse.add_count_line', {
    rest: 'POST /api/v1/cycle-counts/:id/lines',
    permission: 'inventory:count',
    summary: 'Add a line for units that nobody expected there',
    status: 201,
    isolation: 'read committed',
    input: of.AddLine,
    output: of.SheetLine,
    errors: [
      item_not_found,
      errors.count_not_found,
      errors.count_not_open,
      errors.count_line_there,
      errors.lots_required,
      errors.lots_unwanted,
      errors.lot_not_found,
      errors.bin_not_found,
      errors.bin_elsewhere,
    ],
    example: { id: EXAMPLE_ID, item_id: 'MUG-BLUE' },
    run: addLine,
  }),
  command('warehouse.recount_lines', {
    rest: 'POST /api/v1/cycle-counts/:id/recount',
    permission: 'inventory:approve',
    summary: 'Have lines counted again',
    isolation: 'read committed',
    input: of.RecountLines,
    output: of.CycleCount,
    errors: [
      errors.count_not_found,
      errors.count_not_open,
      errors.count_line_not_found,
      ...lineLifecycle.refusals('recount'),
    ],
    example: { id: EXAMPLE_ID, line_ids: [EXAMPLE_ID] },
    run: recountLines,
  }),
  command('warehouse.approve_count', {
    rest: 'POST /api/v1/cycle-counts/:id/approve',
    permission: 'inventory:approve',
    summary: 'Approve a cycle count and post its differences',
    description:
      'Each level becomes what was counted, with what moved since then on top. Missing units that ' +
      'are promised are held back: free the promises, or move them, and approve again.',
    isolation: 'read committed',
    input: of.ApproveCount,
    output: of.CycleCount,
    errors: [
      errors.count_not_found,
      errors.count_unfinished,
      ...countLifecycle.refusals('approve'),
    ],
    example: { id: EXAMPLE_ID, skip_uncounted: true },
    run: approveCount,
  }),
  command('warehouse.cancel_count', {
    rest: 'POST /api/v1/cycle-counts/:id/cancel',
    permission: 'inventory:approve',
    summary: 'Give a cycle count up',
    isolation: 'read committed',
    input: of.GetCount,
    output: of.CycleCount,
    errors: [errors.count_not_found, ...countLifecycle.refusals('cancel')],
    example: { id: EXAMPLE_ID },
    run: cancelCount,
  }),
]

export const countOperations = [...reads, ...commands]
