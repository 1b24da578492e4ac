import { inventoryEvents } from '#modules/inventory'
import { together } from '#platform/reactions'
import { catalogueErrors } from './errors.ts'
import { db } from './tables.ts'

export const reactions = [
  together(
    inventoryEvents.item_archived,
    'catalogue.refuse_to_lose_the_item_of_a_variant',
    async (ctx, { item_id }) => {
      const variant = await db(ctx)
        .selectFrom('product_variants as v')
        .innerJoin('products as p', 'p.id', 'v.product_id')
        .select('v.sku')
        .where('v.item_id', '=', item_id)
        .where('v.inventory_tracking', '=', true)
        .where('v.archived_at', 'is', null)
        .where('p.archived_at', 'is', null)
        .executeTakeFirst()
      if (variant) throw catalogueErrors.item_is_sold({ sku: variant.sku })
    },
  ),
]
