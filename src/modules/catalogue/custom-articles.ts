import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import type { Sellable } from './sellable.ts'
import { db } from './tables.ts'

// What is sold once and stands in no catalogue: an engraving, a spare part from the workshop. It
// has no product: where lines name product and variant, it is both. Nothing of it is in stock.

type Article = Static<(typeof db.tables)['custom_articles']>
/** What staff says of one; weights in grams. */
export type NewArticle = Omit<Article, 'id' | 'created_at'>

const insertArticles = insertRows(db, 'custom_articles')

/** Writes custom articles down, each once; answers their ids in the same order. */
export async function addArticles(
  ctx: Context,
  articles: readonly NewArticle[],
): Promise<Id<'variant'>[]> {
  if (articles.length === 0) return []
  const rows = articles.map((article) => ({
    ...article,
    id: ctx.newId('variant'),
    created_at: ctx.now,
  }))
  await insertArticles(ctx, { rows })
  return rows.map(({ id }) => id)
}

/** Forgets custom articles that nobody has bought; other ids are left alone. */
export async function dropArticles(ctx: Context, ids: readonly Id<'variant'>[]): Promise<void> {
  if (ids.length === 0) return
  await db(ctx).deleteFrom('custom_articles').where('id', 'in', ids).execute()
}

const named = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('custom_articles')
    .selectAll()
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

/** The custom articles among these ids, as anything else that can be sold; one statement. */
export async function articlesOf(
  ctx: Context,
  ids: readonly Id<'variant'>[],
): Promise<Map<Id<'variant'>, Sellable>> {
  if (ids.length === 0) return new Map()
  const found = await named(ctx, { ids })
  return new Map(found.map((article) => [article.id, sellableOf(article)]))
}

const sellableOf = ({ id, title, requires_shipping, ...article }: Article): Sellable => ({
  variant_id: id,
  product_id: id as string as Id<'product'>,
  sku: article.sku,
  product_name: title,
  variant_name: title,
  options: {},
  unit_amount: null,
  prices: null,
  item_id: null,
  weight_grams: article.weight_grams,
  is_digital: !requires_shipping,
  is_gift_card: false,
  tax_rate_ppm: null,
  tax_class: article.tax_class,
  requires_shipping,
  image_url: null,
  sellable: true,
})

/** Whether what a line sells is a custom article. */
export const isCustom = (line: { product_id: string; variant_id: string }): boolean =>
  line.product_id === line.variant_id
