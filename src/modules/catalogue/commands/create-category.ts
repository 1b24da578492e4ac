import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { findCategory, lockTree } from '../categories/find.ts'
import { categoryAfter } from '../categories/queries.ts'
import type { Category, CreateCategory } from '../categories/schemas.ts'
import { catalogueErrors } from '../errors.ts'
import { categoryEvents } from '../events.ts'
import { urlOf } from '../facts.ts'
import { slugOf } from '../slugs.ts'
import { db } from '../tables.ts'

/** Adds a category to the tree, last among its siblings unless said. Throws `slug_taken`. */
export async function createCategory(ctx: Context, input: CreateCategory): Promise<Category> {
  const slug = input.slug ?? slugOf(input.name)
  if (slug === '') throw invalidField('slug', 'is required for a name without letters or digits')
  await lockTree(ctx)
  const parent = input.parent_id ? await findCategory(ctx, input.parent_id) : null
  const id = ctx.newId('category')
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('categories')
    .values({
      id,
      number: nextNumber(ctx.session.engine, 'categories'),
      name: input.name,
      slug,
      description: input.description ?? null,
      image_url: urlOf(input.image_url, 'image_url') ?? null,
      parent_id: parent?.id ?? null,
      position: input.position ?? (await nextPosition(ctx, parent?.id ?? null)),
      archived_at: null,
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw catalogueErrors.slug_taken({ slug })
  emit(ctx, categoryEvents.created({ category_id: id, slug }))
  return categoryAfter(ctx, id)
}

async function nextPosition(ctx: Context, parent_id: string | null): Promise<number> {
  const last = await db(ctx)
    .selectFrom('categories')
    .select(({ fn }) => fn.max('position').as('position'))
    .where('parent_id', parent_id === null ? 'is' : '=', parent_id as never)
    .executeTakeFirst()
  return Math.min((last?.position ?? -1) + 1, 1_000_000)
}
