import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { articlesOf } from './custom-articles.ts'
import { db } from './tables.ts'

const facts = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('product_variants as variant')
    .innerJoin('products as product', 'product.id', 'variant.product_id')
    .select(['variant.id', 'variant.gtin_key', 'product.is_digital'])
    .select((eb) =>
      eb.fn.coalesce('variant.weight_grams', 'product.weight_grams').as('weight_grams'),
    )
    .where(isOneOf(engine, 'variant.id', { values: p.ids, kind: 'uuid' })),
)

type PackingFacts = Omit<Awaited<ReturnType<typeof facts>>[number], 'id'>

/**
 * What a packer needs to know of these variants, archived ones and custom articles too: barcode
 * (14 digits), weight of a unit in grams, and whether there is nothing to send. One statement, and
 * one more where some are in no catalogue.
 */
export async function packingFacts(
  ctx: Context,
  ids: readonly Id<'variant'>[],
): Promise<Map<Id<'variant'>, PackingFacts>> {
  if (ids.length === 0) return new Map()
  const found = await facts(ctx, { ids })
  const known = new Map<Id<'variant'>, PackingFacts>(found.map(({ id, ...facts }) => [id, facts]))
  const others = ids.filter((id) => !known.has(id))
  for (const [id, { is_digital, weight_grams }] of await articlesOf(ctx, others)) {
    known.set(id, { gtin_key: null, is_digital, weight_grams })
  }
  return known
}
