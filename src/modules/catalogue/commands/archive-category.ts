import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { isOneOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { findCategory, lockTree } from '../categories/find.ts'
import { placeProducts, productsIn } from '../categories/members.ts'
import type { GetCategory } from '../categories/schemas.ts'
import { catalogueErrors } from '../errors.ts'
import { categoryEvents } from '../events.ts'
import { db } from '../tables.ts'

/**
 * Takes a category out of the tree. Its products stay, and are no longer shown in it. Throws
 * `category_has_children`.
 */
export async function archiveCategory(ctx: Context, input: GetCategory): Promise<undefined> {
  await lockTree(ctx)
  const category = await findCategory(ctx, input.id)
  requireVersion(ctx, category.version)
  const { id, slug } = category
  const products = await productsIn(ctx, id)
  const { numUpdatedRows } = await db(ctx)
    .updateTable('categories')
    .set((eb) => ({ archived_at: ctx.now, version: eb('version', '+', 1), updated_at: ctx.now }))
    .where('id', '=', id)
    .where(
      sql<boolean>`not exists (select 1 from categories as c
        where c.parent_id = ${id} and c.archived_at is null)`,
    )
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw catalogueErrors.category_has_children({ category: slug })
  await placeProducts(ctx, products)
  // Their answers name their categories, so they are other answers now.
  const { engine } = ctx.session
  await db(ctx)
    .updateTable('products')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: ctx.now }))
    .where(isOneOf(engine, 'id', { values: products, kind: 'uuid' }))
    .execute()
  emit(ctx, categoryEvents.archived({ category_id: id, slug }))
}
