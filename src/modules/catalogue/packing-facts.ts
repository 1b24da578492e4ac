import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
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
 * What a packer needs to know of these variants, archived ones too: barcode (14 digits), weight of
 * a unit in grams, and whether there is nothing to send. One statement.
 */
export async function packingFacts(
  ctx: Context,
  ids: readonly Id<'variant'>[],
): Promise<Map<Id<'variant'>, PackingFacts>> {
  if (ids.length === 0) return new Map()
  const found = await facts(ctx, { ids })
  return new Map(found.map(({ id, ...known }) => [id, known]))
}
