import type { Context } from '#platform/context'
import { isDuplicate } from '#platform/database/duplicates'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { findCategory } from '../categories/find.ts'
import { categoryAfter } from '../categories/queries.ts'
import type { Category, UpdateCategory } from '../categories/schemas.ts'
import { catalogueErrors } from '../errors.ts'
import { categoryEvents } from '../events.ts'
import { urlOf } from '../facts.ts'
import { db } from '../tables.ts'

/** Changes the named facts of a category. Throws `slug_taken`. */
export async function updateCategory(ctx: Context, input: UpdateCategory): Promise<Category> {
  const category = await findCategory(ctx, input.id)
  requireVersion(ctx, category.version)
  const { id } = category
  const slug = input.slug ?? category.slug
  if (slug !== category.slug) await requireFreeSlug(ctx, slug)
  const { description = category.description } = input
  const { image_url = category.image_url } = { image_url: urlOf(input.image_url, 'image_url') }
  await db(ctx)
    .updateTable('categories')
    .set((eb) => ({
      name: input.name ?? category.name,
      slug,
      description,
      image_url,
      position: input.position ?? category.position,
      version: eb('version', '+', 1),
      updated_at: ctx.now,
    }))
    .where('id', '=', id)
    .execute()
    .catch((error) => {
      if (isDuplicate(error, SLUGS)) throw catalogueErrors.slug_taken({ slug })
      throw error
    })
  emit(ctx, categoryEvents.updated({ category_id: id, slug }))
  return categoryAfter(ctx, id)
}

const SLUGS = { index: 'categories_slug_key', columns: 'categories.slug' }

async function requireFreeSlug(ctx: Context, slug: string): Promise<void> {
  const taken = await db(ctx)
    .selectFrom('categories')
    .select('id')
    .where('slug', '=', slug)
    .executeTakeFirst()
  if (taken) throw catalogueErrors.slug_taken({ slug })
}
