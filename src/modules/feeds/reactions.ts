import { productEvents, variantEvents } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { type Reaction, together } from '#platform/reactions'
import { markDue } from './due.ts'
import { keepsFeed } from './schedules.ts'

type OfProduct = { product_id: Parameters<typeof markDue>[1][number] }
const mark = (ctx: Context, { product_id }: OfProduct) => markDue(ctx, [product_id])

/** Houses without a feed have none of them. */
export const reactions: readonly Reaction[] = [
  together(productEvents.created, 'feeds.product_created', mark),
  together(productEvents.updated, 'feeds.product_updated', mark),
  together(productEvents.status_changed, 'feeds.product_status_changed', mark),
  together(productEvents.archived, 'feeds.product_archived', mark),
  together(variantEvents.created, 'feeds.variant_created', mark),
  together(variantEvents.updated, 'feeds.variant_updated', mark),
  together(variantEvents.archived, 'feeds.variant_archived', mark),
  together(variantEvents.price_changed, 'feeds.price_changed', mark),
  together(variantEvents.offers_changed, 'feeds.offers_changed', mark),
].map((reaction) => ({ ...reaction, wanted: keepsFeed }))
