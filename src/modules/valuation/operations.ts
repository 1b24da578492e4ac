import { inventoryErrors } from '#modules/inventory'
import { command, query } from '#platform/operations'
import { revalueItem } from './commands/revalue-item.ts'
import { valuationErrors } from './errors.ts'
import { listEntries, listLayers } from './ledger-queries.ts'
import { getValue, listValues, sumValues } from './queries.ts'
import * as of from './schemas.ts'

const MONTH_END = '2026-10-31T23:59:59.999Z'

export const operations = [
  query('valuation.list', {
    rest: 'GET /api/v1/inventory/valuation',
    permission: 'inventory:value',
    summary: 'List what items are worth, now or at a past instant',
    input: of.ListValues,
    output: of.ItemValues,
    errors: [inventoryErrors.location_not_found],
    example: { as_of: MONTH_END, limit: 20 },
    run: listValues,
  }),
  query('valuation.get_summary', {
    rest: 'GET /api/v1/inventory/valuation/summary',
    permission: 'inventory:value',
    summary: 'Read what all stock is worth, now or at a past instant',
    input: of.SumValues,
    output: of.ValueSummary,
    example: { as_of: MONTH_END, method: 'fifo' },
    run: sumValues,
  }),
  query('valuation.get', {
    rest: 'GET /api/v1/inventory/:id/valuation',
    permission: 'inventory:value',
    summary: 'Read what the units of an item are worth, now or at a past instant',
    input: of.GetValue,
    output: of.ItemValue,
    errors: [inventoryErrors.item_not_found, inventoryErrors.location_not_found],
    example: { id: 'MUG-BLUE' },
    run: getValue,
  }),
  query('valuation.list_entries', {
    rest: 'GET /api/v1/inventory/:id/value-entries',
    permission: 'inventory:value',
    summary: "List every change of an item's value, newest first",
    input: of.ListOfItem,
    output: of.ValueEntries,
    errors: [inventoryErrors.item_not_found],
    example: { id: 'MUG-BLUE' },
    run: listEntries,
  }),
  query('valuation.list_layers', {
    rest: 'GET /api/v1/inventory/:id/cost-layers',
    permission: 'inventory:value',
    summary: "List the cost layers that an item's units are left of, oldest first",
    input: of.ListOfItem,
    output: of.CostLayers,
    errors: [inventoryErrors.item_not_found],
    example: { id: 'MUG-BLUE' },
    run: listLayers,
  }),
  command('valuation.revalue', {
    rest: 'POST /api/v1/inventory/:id/revaluations',
    permission: 'inventory:value',
    summary: 'Say anew what each unit of an item is worth',
    description:
      'For units whose cost nobody told, and for write-downs: both methods begin anew from it.',
    isolation: 'read committed',
    status: 201,
    input: of.RevalueItem,
    output: of.ItemValue,
    errors: [
      inventoryErrors.item_not_found,
      valuationErrors.nothing_to_value,
      valuationErrors.other_currency,
    ],
    example: { id: 'MUG-BLUE', unit_cost: '3.20', reason: 'Price of the last invoice' },
    run: revalueItem,
  }),
]
