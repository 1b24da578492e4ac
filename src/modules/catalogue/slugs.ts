import { Type } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { catalogueErrors } from './errors.ts'
import { db } from './tables.ts'

const SLUG_MAX = 100

/** The last part of a page's address. */
export const Slug = Type.String({
  minLength: 1,
  maxLength: SLUG_MAX,
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  description: 'Small letters, digits and single hyphens.',
  examples: ['blue-mug'],
})

/** Letters that no sign can be taken from. */
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  þ: 'th',
}

/** A slug made of a text: without accents and signs; empty if nothing is left. */
export const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđþ]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replace(/^-+|-+$/g, '')

/**
 * Takes a slug for a product. What it had before goes on leading to it, so that published links
 * stay alive; a slug means one product for ever. Throws `slug_taken`.
 */
export async function takeSlug(ctx: Context, product_id: Id<'product'>, slug: string) {
  await db(ctx)
    .insertInto('product_slugs')
    .values({ slug, product_id, created_at: ctx.now })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .execute()
  const owner = await db(ctx)
    .selectFrom('product_slugs')
    .select('product_id')
    .where('slug', '=', slug)
    .executeTakeFirst()
  if (owner?.product_id !== product_id) throw catalogueErrors.slug_taken({ slug })
}

/** The first slug that is free of those a new product's name and SKU suggest; null if none is. */
export async function freeSlug(
  ctx: Context,
  { name, sku }: { name: string; sku: string },
): Promise<string | null> {
  const wished = [slugOf(name), slugOf(`${name} ${sku}`), slugOf(sku)].filter((slug) => slug !== '')
  if (wished.length === 0) return null
  const taken = await db(ctx)
    .selectFrom('product_slugs')
    .select('slug')
    .where('slug', 'in', wished)
    .execute()
  return wished.find((slug) => !taken.some((other) => other.slug === slug)) ?? null
}
