import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Engine } from '#platform/database/database'
import { jsonRows } from '#platform/database/json-rows'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

// The rows that answers of products are made of.

/** Of a product with more variants only the first are answered with it; all have pages. */
export const VARIANTS_SHOWN_MAX = 100

type Ids = { ids: readonly string[] }

const own = sql`products.id`
const images = (engine: Engine) =>
  jsonRows(
    engine,
    ['url', 'alt', 'variant_id'],
    sql`select url, alt, variant_id from product_images where product_id = ${own} order by position`,
  )
const categories = (engine: Engine) =>
  jsonRows(
    engine,
    ['id'],
    sql`select c.id from product_categories as m join categories as c on c.id = m.category_id
      where m.product_id = ${own} and c.archived_at is null order by c.id`,
  )
const attributes = (engine: Engine) =>
  jsonRows(
    engine,
    ['code', 'type', 'value'],
    sql`select a.code, a.type, m.value from product_attributes as m
      join attributes as a on a.id = m.attribute_id
      where m.product_id = ${own} order by a.code`,
  )
const VARIANTS_TOTAL = sql<number>`(select count(*) from product_variants as v
  where v.product_id = ${own} and v.archived_at is null)`

/** Products with what belongs to each; that is JSON text, whichever the engine. */
export const productRows = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('products')
    .selectAll()
    .select([
      images(engine).as('images'),
      categories(engine).as('categories'),
      attributes(engine).as('attributes'),
      VARIANTS_TOTAL.as('variants_total'),
    ])
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

const pricedVariants = (open: ReturnType<typeof db>, isAsked: RawBuilder<SqlBool>) =>
  open
    .selectFrom('product_variants as v')
    .innerJoin('products as p', 'p.id', 'v.product_id')
    .leftJoin('variant_prices as u', (on) =>
      on.onRef('u.variant_id', '=', 'v.id').on('u.min_quantity', '=', 1),
    )
    .selectAll('v')
    .select(['p.version as product_version', 'p.currency as product_currency'])
    .select(['u.currency', 'u.amount', 'u.compare_at_amount'])
    .where(isAsked)
    .where('v.archived_at', 'is', null)
    .orderBy('v.position')
    .orderBy('v.id')
    .orderBy('u.currency')

/** The first variants of products, a row for each of their prices. */
export const variantRows = prepared(db, (open, p: Ids, engine) => {
  const isAsked = isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' })
  return pricedVariants(
    open,
    sql<SqlBool>`v.id in (select id from (
      select id, row_number() over (partition by product_id order by position, id) as nth
      from product_variants where ${isAsked} and archived_at is null) as placed
      where nth <= ${sql.lit(VARIANTS_SHOWN_MAX)})`,
  )
})

/** The same of variants by their ids. */
export const variantRowsById = prepared(db, (open, p: Ids, engine) =>
  pricedVariants(open, isOneOf(engine, 'v.id', { values: p.ids, kind: 'uuid' })),
)

export type ProductRow = Awaited<ReturnType<typeof productRows>>[number]
export type PricedRow = Awaited<ReturnType<typeof variantRows>>[number]
