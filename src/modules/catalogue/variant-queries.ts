import { isUuid } from '#kit/ids'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageByPosition } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { readVariants } from './documents.ts'
import { catalogueErrors } from './errors.ts'
import { gtinKey } from './gtin.ts'
import type { ListVariants, ReadVariant, VariantByGtin } from './inputs.ts'
import { visibleHead } from './queries.ts'
import type { Variant } from './schemas.ts'
import { isStaff, seesCosts } from './sees.ts'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'
import { stockOfVariants, variantsWith } from './with-stock.ts'

/** The variants of a product, in their order, page by page. */
export async function listVariants(ctx: Context, query: ListVariants): Promise<Page<Variant>> {
  const { id: product_id } = await visibleHead(ctx, query.id)
  const rows = db(ctx)
    .selectFrom('product_variants')
    .where('product_id', '=', product_id)
    .where('archived_at', 'is', null)
    .select(['id', 'position'])
  const tell = (found: readonly { id: Variant['id'] }[]) => {
    const ids = found.map(({ id }) => id)
    return variantsTold(ctx, ids, query)
  }
  return pageByPosition(ctx, query, { rows, tell })
}

type Including = { include?: 'locations' | undefined }

async function variantsTold(
  ctx: Context,
  ids: readonly Variant['id'][],
  { include }: Including,
): Promise<Variant[]> {
  const set = await readVariants(ctx, ids)
  const stock = await stockOfVariants(ctx, [set], include === 'locations')
  return variantsWith(set, { stock, costs: seesCosts(ctx.actor) })
}

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('product_variants as v')
    .innerJoin('products as p', 'p.id', 'v.product_id')
    .select(['v.id', 'v.archived_at', 'p.status'])
    .where('v.id', '=', p.id as never),
)
const bySku = prepared(db, (open, p: { sku_key: string }) =>
  open
    .selectFrom('product_variants as v')
    .innerJoin('products as p', 'p.id', 'v.product_id')
    .select(['v.id', 'v.archived_at', 'p.status'])
    .where('v.sku_key', '=', p.sku_key),
)
const byGtin = prepared(db, (open, p: { gtin_key: string }) =>
  open
    .selectFrom('product_variants as v')
    .innerJoin('products as p', 'p.id', 'v.product_id')
    .select(['v.id', 'v.archived_at', 'p.status'])
    .where('v.gtin_key', '=', p.gtin_key)
    .where('v.archived_at', 'is', null)
    .where('v.gtin_key', 'is not', null),
)
type Head = Awaited<ReturnType<typeof byId>>[number]

/** A variant that is in the catalogue. */
export async function getVariant(
  ctx: Context,
  { variant_id: ref, include }: ReadVariant,
): Promise<Variant> {
  const key = skuKey(ref)
  const head = isUuid(key)
    ? await byId.first(ctx, { id: key })
    : await bySku.first(ctx, { sku_key: key })
  return variantOf(ctx, head, { ref, include })
}

/** The variant with these bars, however many leading zeros they are written with. */
export async function getVariantByGtin(
  ctx: Context,
  { gtin, include }: VariantByGtin,
): Promise<Variant> {
  const head = await byGtin.first(ctx, { gtin_key: gtinKey(gtin) })
  return variantOf(ctx, head, { ref: gtin, include })
}

async function variantOf(
  ctx: Context,
  head: Head | undefined,
  { ref, include }: Including & { ref: string },
): Promise<Variant> {
  const isHidden = !head || head.archived_at || (head.status !== 'active' && !isStaff(ctx.actor))
  const [variant] = isHidden ? [] : await variantsTold(ctx, [head.id], { include })
  if (!variant) throw catalogueErrors.variant_not_found({ variant: ref })
  return variant
}
