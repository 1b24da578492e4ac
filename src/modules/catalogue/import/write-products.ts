import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { insertEach, updateEach } from '#platform/database/each-row'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import { printFacetKeys } from '../facet-keys.ts'
import { skuKey } from '../sku.ts'
import { slugOf } from '../slugs.ts'
import { db } from '../tables.ts'
import type { Placed } from './apply.ts'
import type { ProductPlan } from './check.ts'

const KINDS = db.kinds('products')
const { number: _, ...INSERTED } = KINDS

type ProductRow = Record<string, unknown>

const insertThem = insertEach<ProductRow, unknown>(db as never, INSERTED as never, {
  table: 'products',
  values: (row, engine) => ({ ...row, number: nextNumber(engine, 'products') }),
  onConflict: sql`on conflict (sku_key) do nothing`,
})
const insertSlugs = insertRows(db, 'product_slugs')

/** Puts new products into the catalogue, with the prices of their first variants. */
export async function insertProducts(ctx: Context, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return
  const slugs = await freeSlugs(ctx, placed)
  const rows = placed.map((one, nth) => newRow(ctx, one, slugs[nth] ?? null))
  const { affected } = await insertThem.run(ctx, { rows })
  if (affected !== rows.length) throw new TryAgain('a product of this SKU came meanwhile')
  const taken = placed.flatMap(({ id: product_id }, nth) => {
    const slug = slugs[nth]
    return slug ? [{ slug, product_id, created_at: ctx.now }] : []
  })
  if (taken.length > 0) await insertSlugs.run(ctx, { rows: taken })
}

function newRow(ctx: Context, { plan, id, name, variants }: Placed, slug: string | null) {
  const { said, sku, currency } = plan
  const [first] = variants
  return {
    id,
    sku,
    sku_key: skuKey(sku),
    name,
    name_key: name.toLowerCase(),
    description: said.description ?? null,
    brand: said.brand ?? null,
    brand_key: said.brand?.toLowerCase() ?? null,
    manufacturer: said.manufacturer ?? null,
    tags: said.tags ?? [],
    is_digital: false,
    is_gift_card: false,
    status: said.status ?? 'active',
    currency,
    default_variant_id: first?.id,
    price_amount: first?.plan.price?.amount,
    image_url: said.image_url ?? null,
    reorder_point: said.reorder_point ?? null,
    tax_class: said.tax_class ?? 'standard',
    slug,
    options: [],
    // Of a product in categories, `indexProducts` finds the keys.
    facet_keys: printFacetKeys({
      brand: said.brand ?? null,
      tags: said.tags ?? [],
      categories: [],
      attributes: [],
    }),
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}

const takenSlugs = prepared(db, (open, p: { slugs: readonly string[] }, engine) =>
  open
    .selectFrom('product_slugs')
    .select('slug')
    .where(isOneOf(engine, 'slug', { values: p.slugs, kind: 'text' })),
)

/** What a new product's page is called: of its name, else with its SKU. See `freeSlug`. */
async function freeSlugs(ctx: Context, placed: readonly Placed[]): Promise<(string | null)[]> {
  const wished = placed.map(({ name, plan: { sku } }) =>
    [slugOf(name), slugOf(`${name} ${sku}`), slugOf(sku)].filter((slug) => slug !== ''),
  )
  const rows = await takenSlugs(ctx, { slugs: [...new Set(wished.flat())] })
  const taken = new Set(rows.map(({ slug }) => slug))
  return wished.map((slugs) => {
    const free = slugs.find((slug) => !taken.has(slug)) ?? null
    if (free !== null) taken.add(free)
    return free
  })
}

const CHANGEABLE = [
  'name',
  'description',
  'brand',
  'manufacturer',
  'status',
  'tax_class',
  'image_url',
  'reorder_point',
] as const

/** What a file says otherwise than the product is; empty where it says nothing new. */
export function productChanges({ known, said }: ProductPlan): Record<string, unknown> {
  if (!known) return {}
  const changed = CHANGEABLE.filter(
    (name) => said[name] !== undefined && said[name] !== known[name],
  ).map((name) => [name, said[name]])
  const isRetagged =
    said.tags !== undefined && JSON.stringify(said.tags) !== JSON.stringify(known.tags)
  return { ...Object.fromEntries(changed), ...(isRetagged && { tags: said.tags }) }
}

const UPDATED = {
  id: 'uuid',
  name: 'text',
  name_key: 'text',
  description: 'text',
  brand: 'text',
  brand_key: 'text',
  manufacturer: 'text',
  tags: 'json',
  status: 'text',
  tax_class: 'text',
  image_url: 'text',
  reorder_point: 'bigint',
} as const

const updateThem = updateEach<ProductRow, unknown>(db as never, UPDATED as never, {
  table: 'products',
  key: ['id'],
  set: ({ id: _, ...row }) => row as never,
  where: () => sql`products.archived_at is null`,
})

/** Writes the facts of known products that are others now. */
export async function updateProducts(ctx: Context, placed: readonly Placed[]): Promise<void> {
  const rows = placed.flatMap(({ plan }) => {
    const { known } = plan
    const changes = productChanges(plan)
    if (!known || Object.keys(changes).length === 0) return []
    const row = { ...known, ...changes }
    const { name, brand } = row
    const kept = Object.fromEntries(Object.keys(UPDATED).map((k) => [k, row[k as 'name']]))
    const keys = { name_key: name.toLowerCase(), brand_key: brand?.toLowerCase() ?? null }
    return [{ ...kept, ...keys }]
  })
  if (rows.length === 0) return
  const { affected } = await updateThem.run(ctx, { rows })
  if (affected !== rows.length) throw new TryAgain('a product was archived meanwhile')
}

const DEFAULT = sql`(select v.id from product_variants as v
  where v.product_id = products.id and v.archived_at is null
  order by v.position, v.id limit 1)`

const settleThem = prepared(db, (open, p: { ids: readonly string[]; now: string }, engine) =>
  open
    .updateTable('products')
    .set((eb) => ({
      default_variant_id: DEFAULT as never,
      price_amount: sql<number>`(select u.amount from variant_prices as u
        where u.variant_id = ${DEFAULT} and u.currency = products.currency
          and u.min_quantity = 1)`,
      version: eb('version', '+', 1),
      updated_at: p.now,
    }))
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

/** What `settleProduct` does, for many known products. */
export async function settleProducts(ctx: Context, placed: readonly Placed[]): Promise<void> {
  const ids: Id<'product'>[] = placed.map(({ id }) => id)
  if (ids.length > 0) await settleThem.run(ctx, { ids, now: ctx.now })
}
