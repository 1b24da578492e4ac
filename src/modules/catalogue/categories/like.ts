import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { slugOf } from '../slugs.ts'
import { db } from '../tables.ts'
import type { CategoryRow } from './find.ts'

type Like = { slug: string; name: string; parent_id: Id<'category'> | null }

/** The live category that another shop means: of the same slug, else of the same name and place. */
export async function categoryLike(ctx: Context, like: Like): Promise<CategoryRow | undefined> {
  const live = db(ctx).selectFrom('categories').selectAll().where('archived_at', 'is', null)
  const same = await live.where('slug', '=', like.slug).executeTakeFirst()
  if (same) return same
  const { name, parent_id } = like
  return live
    .where('name', '=', name)
    .where('parent_id', parent_id === null ? 'is' : '=', parent_id)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

/** The first slug made of these texts that no category has or had; undefined if none is free. */
export async function freeCategorySlug(
  ctx: Context,
  wishes: readonly string[],
): Promise<string | undefined> {
  const wished = wishes.map(slugOf).filter((slug) => slug !== '')
  if (wished.length === 0) return undefined
  const taken = await db(ctx)
    .selectFrom('categories')
    .select('slug')
    .where('slug', 'in', wished)
    .execute()
  return wished.find((slug) => !taken.some((other) => other.slug === slug))
}
