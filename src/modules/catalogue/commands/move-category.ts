import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { findCategory, lockTree } from '../categories/find.ts'
import { placeProducts, productsIn } from '../categories/members.ts'
import { categoryAfter } from '../categories/queries.ts'
import type { Category, MoveCategory } from '../categories/schemas.ts'
import { catalogueErrors } from '../errors.ts'
import { categoryEvents } from '../events.ts'
import { db } from '../tables.ts'

/**
 * Puts a category, with all below it, into another one or to the top. Its products are shown where
 * it stands from then on. Throws `category_cycle`.
 */
export async function moveCategory(ctx: Context, input: MoveCategory): Promise<Category> {
  await lockTree(ctx)
  const category = await findCategory(ctx, input.id)
  requireVersion(ctx, category.version)
  const parent = input.parent_id === null ? null : await findCategory(ctx, input.parent_id)
  const { id, slug } = category
  const parent_id = parent?.id ?? null
  const products = await productsIn(ctx, id)
  // The guard stands in the write: it looks for the category among those above its new place.
  const { numUpdatedRows } = await db(ctx)
    .updateTable('categories')
    .set((eb) => ({
      parent_id,
      position: input.position ?? category.position,
      version: eb('version', '+', 1),
      updated_at: ctx.now,
    }))
    .where('id', '=', id)
    .where(
      sql<boolean>`not exists (with recursive up as (
        select c.id, c.parent_id from categories as c where c.id = ${parent_id}
        union select c.id, c.parent_id from up join categories as c on c.id = up.parent_id)
      select 1 from up where up.id = ${id})`,
    )
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw catalogueErrors.category_cycle({ category: slug })
  await placeProducts(ctx, products)
  emit(ctx, categoryEvents.moved({ category_id: id, slug, parent_id }))
  return categoryAfter(ctx, id)
}
