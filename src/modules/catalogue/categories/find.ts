import { isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { catalogueErrors } from '../errors.ts'
import { db } from '../tables.ts'

/** The live category that an id or a slug names; throws `category_not_found`. */
export async function findCategory(ctx: Context, category: string) {
  const key = category.toLowerCase()
  const found = await db(ctx)
    .selectFrom('categories')
    .selectAll()
    .where(isUuid(key) ? 'id' : 'slug', '=', key as never)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw catalogueErrors.category_not_found({ category })
  return found
}
export type CategoryRow = Awaited<ReturnType<typeof findCategory>>

/** Whoever changes the shape of the tree waits for others who do. */
export const lockTree = (ctx: Context) => lockEntity(ctx, 'category tree', 'all')
