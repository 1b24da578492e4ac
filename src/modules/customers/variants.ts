import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { definePort } from '#platform/ports'

/** What a wishlist shows of a variant. */
export type WishedVariant = {
  product_id: Id<'product'>
  product_name: string
  sku: string
  name: string
}

/** The catalogue stands above: it says which variants there are. */
export type KnownVariants = {
  /** Those of these variants that can be wished for, in one statement. */
  knownVariants(
    ctx: Context,
    ids: readonly Id<'variant'>[],
  ): Promise<ReadonlyMap<Id<'variant'>, WishedVariant>>
}

export const knownVariants = definePort<KnownVariants>('knownVariants')
