import type { Id } from '#kit/ids'
import type { Product } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import type { ProcessContext } from '#platform/processes'
import type { WooProduct } from '../products/remote.ts'
import { db } from '../tables.ts'
import type { Also } from '../work.ts'
import { DEFAULT_SLUG } from './remote.ts'
import { BY_NEWS, before } from './sync-category.ts'

// In which categories a product stands: one fact that goes both ways, spelled as the ids that
// WooCommerce has for them, rising, with commas between.

const linksOf = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('woo_refs')
    .select(['entity_id', 'external_id'])
    .where('kind', '=', 'category')
    .where(isOneOf(engine, 'entity_id', { values: p.ids, kind: 'uuid' })),
)
const linksNamed = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('woo_refs')
    .select(['entity_id', 'external_id'])
    .where('kind', '=', 'category')
    .where(isOneOf(engine, 'external_id', { values: p.ids, kind: 'text' })),
)

const spelled = (ids: readonly number[]): string => ids.toSorted((a, b) => a - b).join(',')
const idsIn = (fact: string): string[] => fact.split(',').filter((id) => id !== '')

/** The categories of ours that WooCommerce has, as a fact. */
export async function categoriesHere(ctx: Context, ids: readonly string[]): Promise<string> {
  const links = ids.length === 0 ? [] : await linksOf(ctx, { ids })
  return spelled(links.map(({ external_id }) => Number(external_id)))
}

/** The same of a product there; where WooCommerce files what is in none is no category. */
export const categoriesThere = (categories: NonNullable<WooProduct['categories']>): string =>
  spelled(categories.filter(({ slug }) => slug !== DEFAULT_SLUG).map(({ id }) => id))

/** The fact as a product's request says it. */
export const categoryBody = (fact: string) => idsIn(fact).map((id) => ({ id: Number(id) }))

/**
 * Where a product stands here once WooCommerce is right: in what is known of its categories, and
 * still in those of ours of which WooCommerce knows nothing.
 */
export async function categoriesTaken(
  ctx: Context,
  before: readonly Id<'category'>[],
  fact: string,
): Promise<Id<'category'>[]> {
  const named = idsIn(fact)
  const [ours, theirs] = await Promise.all([
    before.length === 0 ? [] : linksOf(ctx, { ids: before }),
    named.length === 0 ? [] : linksNamed(ctx, { ids: named }),
  ])
  const known = new Set<string>(ours.map(({ entity_id }) => entity_id))
  const taken = theirs.map(({ entity_id }) => entity_id as string as Id<'category'>)
  return [...new Set([...before.filter((id) => !known.has(id)), ...taken])]
}

/** Sends the categories of a product that WooCommerce has not; answers whether there were any. */
export async function sendCategories(
  ctx: ProcessContext,
  { category_ids }: Pick<Product, 'category_ids'>,
  also: Also,
): Promise<boolean> {
  if (category_ids.length === 0) return false
  const links = await ctx.read((tx) => linksOf(tx, { ids: category_ids }))
  const known = new Set<string>(links.map(({ entity_id }) => entity_id))
  const missing = category_ids.filter((id) => !known.has(id))
  for (const subject of missing) await before(also, { kind: 'category', subject, options: BY_NEWS })
  return missing.length > 0
}

/** Takes over the categories of a product there that are not known here. */
export async function takeCategories(
  ctx: ProcessContext,
  { categories }: WooProduct,
  also: Also,
): Promise<void> {
  const ids = idsIn(categoriesThere(categories ?? []))
  if (ids.length === 0) return
  const links = await ctx.read((tx) => linksNamed(tx, { ids }))
  const known = new Set(links.map(({ external_id }) => external_id))
  for (const subject of ids.filter((id) => !known.has(id))) {
    await before(also, { kind: 'pull_category', subject })
  }
}
