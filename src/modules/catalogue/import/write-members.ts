import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import { placeProducts } from '../categories/members.ts'
import { db } from '../tables.ts'
import type { Placed } from './apply.ts'
import { productChanges } from './write-products.ts'

type Ids = { ids: readonly string[] }

const deleteTags = prepared(db, (open, p: Ids, engine) =>
  open
    .deleteFrom('product_tags')
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' })),
)
const insertTags = insertRows(db, 'product_tags')

/** Makes products findable by just the tags that the file says. */
export async function writeTags(ctx: Context, placed: readonly Placed[]): Promise<void> {
  const retagged = placed.filter(({ plan }) => !plan.known || 'tags' in productChanges(plan))
  const known = retagged.filter(({ plan }) => plan.known).map(({ id }) => id)
  if (known.length > 0) await deleteTags.run(ctx, { ids: known })
  const rows = retagged.flatMap(({ id: product_id, plan: { said } }) =>
    (said.tags ?? []).map((tag) => ({ tag_key: tag.toLowerCase(), product_id })),
  )
  if (rows.length > 0) await insertTags.run(ctx, { rows })
}

const deletePlaces = prepared(db, (open, p: Ids, engine) =>
  open
    .deleteFrom('product_categories')
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' })),
)
const insertPlaces = insertRows(db, 'product_categories')

/** Puts products into just the categories that the file says. */
export async function writeCategories(ctx: Context, placed: readonly Placed[]): Promise<void> {
  const moved = placed.filter(({ plan }) => plan.categoriesChange)
  if (moved.length === 0) return
  const known = moved.filter(({ plan }) => plan.known).map(({ id }) => id)
  if (known.length > 0) await deletePlaces.run(ctx, { ids: known })
  const rows = moved.flatMap(({ id: product_id, plan }) =>
    (plan.categories ?? []).map((category_id) => ({ category_id, product_id })),
  )
  if (rows.length > 0) await insertPlaces.run(ctx, { rows })
  await placeProducts(
    ctx,
    moved.map(({ id }) => id),
  )
}
