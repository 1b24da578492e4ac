import { inventoryErrors } from '#modules/inventory'
import { process, query } from '#platform/operations'
import { warehouseErrors as errors } from '../errors.ts'
import { GetTracking, ItemTracking, SetTracking } from './schemas.ts'
import { getTracking, setTracking } from './set-tracking.ts'

export const trackingOperations = [
  query('warehouse.get_tracking', {
    rest: 'GET /api/v1/inventory/:id/tracking',
    permission: 'inventory:read',
    summary: 'Read how an item is kept: plainly, by lot, by serial number',
    input: GetTracking,
    output: ItemTracking,
    errors: [inventoryErrors.item_not_found],
    example: { id: 'MUG-BLUE' },
    run: getTracking,
  }),
  process('warehouse.set_tracking', {
    rest: 'PUT /api/v1/inventory/:id/tracking',
    permission: 'inventory:adjust',
    summary: 'Say how an item is kept',
    description:
      'Units that are there when lots begin become one lot. Any other change of `tracking` needs ' +
      'an item without stock.',
    input: SetTracking,
    output: ItemTracking,
    errors: [inventoryErrors.item_not_found, errors.tracking_with_stock],
    example: { id: 'MUG-BLUE', abc_class: 'B' },
    run: setTracking,
  }),
]
