import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

const shownVariants = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('product_variants as variant')
    .innerJoin('products as product', 'product.id', 'variant.product_id')
    .select(['variant.id', 'variant.product_id', 'variant.sku', 'variant.name'])
    .select('product.name as product_name')
    .where(isOneOf(engine, 'variant.id', { values: p.ids, kind: 'uuid' }))
    .where('variant.archived_at', 'is', null)
    .where('product.status', '=', 'active'),
)

type Known = Awaited<ReturnType<typeof shownVariants>>[number]

/** Those of these variants that a shop shows, in one prepared statement; for wishlists. */
export async function knownVariants(
  ctx: Context,
  ids: readonly Id<'variant'>[],
): Promise<Map<Id<'variant'>, Omit<Known, 'id'>>> {
  if (ids.length === 0) return new Map()
  const found = await shownVariants(ctx, { ids })
  return new Map(found.map(({ id, ...variant }) => [id, variant]))
}
