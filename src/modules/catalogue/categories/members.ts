import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf, listOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import { catalogueErrors } from '../errors.ts'
import { db } from '../tables.ts'

type Ids = { ids: readonly string[] }

const namedCategories = prepared(db, (open, p: { refs: readonly string[] }, engine) =>
  rawQuery(
    open,
    sql<{ ref: string; id: Id<'category'> }>`
      select a.value as ref, c.id from ${listOf(engine, p.refs, 'text')} as a
      join categories as c on (cast(c.id as text) = a.value or c.slug = a.value)
      where c.archived_at is null`,
  ),
)
const insertMembers = insertRows(db, 'product_categories')

/**
 * Puts a product into just these categories, named by id or slug. Throws `category_not_found`. Does
 * not raise the product's version: see `settleProduct`.
 */
export async function writeCategories(
  ctx: Context,
  product_id: Id<'product'>,
  refs: readonly string[],
): Promise<void> {
  const wanted = [...new Set(refs.map((ref) => ref.toLowerCase()))]
  const found = wanted.length === 0 ? [] : await namedCategories(ctx, { refs: wanted })
  const known = new Set(found.map(({ ref }) => ref))
  const unknown = wanted.find((ref) => !known.has(ref))
  if (unknown !== undefined) throw catalogueErrors.category_not_found({ category: unknown })
  await db(ctx).deleteFrom('product_categories').where('product_id', '=', product_id).execute()
  const ids = [...new Set(found.map(({ id }) => id))]
  if (ids.length > 0) {
    await insertMembers.run(ctx, { rows: ids.map((category_id) => ({ category_id, product_id })) })
  }
  await placeProducts(ctx, [product_id])
}

const forgetPlaces = prepared(db, (open, p: Ids, engine) =>
  open
    .deleteFrom('category_products')
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' })),
)

/** Where products belong, from where staff put them: there and in every category above. */
const PLACES = sql`
  select m.product_id, c.id as category_id, c.parent_id
    from product_categories as m join categories as c on c.id = m.category_id
    where c.archived_at is null`

const findPlaces = prepared(db, (open, p: Ids, engine) => {
  const isAsked = isOneOf(engine, 'm.product_id', { values: p.ids, kind: 'uuid' })
  return rawQuery(
    open,
    sql<never>`insert into category_products (category_id, product_id)
      with recursive up as (${PLACES} and ${isAsked}
        union select up.product_id, c.id, c.parent_id
        from up join categories as c on c.id = up.parent_id)
      select distinct category_id, product_id from up`,
  )
})

/** Finds anew in which categories these products are shown. */
export async function placeProducts(ctx: Context, ids: readonly Id<'product'>[]): Promise<void> {
  if (ids.length === 0) return
  await forgetPlaces.run(ctx, { ids })
  await findPlaces.run(ctx, { ids })
}

/** The products that are shown in a category: those whom a change of the tree there concerns. */
export async function productsIn(
  ctx: Context,
  category_id: Id<'category'>,
): Promise<Id<'product'>[]> {
  const rows = await db(ctx)
    .selectFrom('category_products')
    .select('product_id')
    .where('category_id', '=', category_id)
    .execute()
  return rows.map(({ product_id }) => product_id)
}

const placesOf = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('category_products')
    .select(['product_id', 'category_id'])
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' })),
)

/**
 * The categories of each of these products with all those above them. One statement; a product in
 * none is missing.
 */
export async function categoriesOf(
  ctx: Context,
  product_ids: readonly Id<'product'>[],
): Promise<Map<Id<'product'>, Id<'category'>[]>> {
  if (product_ids.length === 0) return new Map()
  const found = new Map<Id<'product'>, Id<'category'>[]>()
  for (const { product_id, category_id } of await placesOf(ctx, { ids: product_ids })) {
    const known = found.get(product_id)
    if (known) known.push(category_id)
    else found.set(product_id, [category_id])
  }
  return found
}

/** Places that are missing or wrong; for the invariants. */
export async function misplaced(ctx: Context): Promise<object[]> {
  const { rows } = await sql<{ product_id: string; category_id: string }>`
    with recursive up as (${PLACES}
      union select up.product_id, c.id, c.parent_id
      from up join categories as c on c.id = up.parent_id),
    due as (select distinct category_id, product_id from up)
    select category_id, product_id from
      (select * from due except select category_id, product_id from category_products) as missing
    union all select category_id, product_id from
      (select category_id, product_id from category_products except select * from due) as wrong`.execute(
    db(ctx),
  )
  return rows
}
