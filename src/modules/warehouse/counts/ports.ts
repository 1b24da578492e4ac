import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { definePort } from '#platform/ports'

/** What a unit is worth, in minor units. */
export type UnitCost = { amount: number; currency: string }

/** What units cost is known above; an item without a cost is missing in the answer. */
export const unitCosts = definePort<{
  costsOf: (ctx: Context, items: readonly Id<'item'>[]) => Promise<Map<Id<'item'>, UnitCost>>
}>('unit costs of items')
