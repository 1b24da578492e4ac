import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { readValue } from './attributes/value.ts'
import { misplaced } from './categories/members.ts'
import { gtinKey, isGtin } from './gtin.ts'
import { optionsKey } from './options.ts'
import { db } from './tables.ts'

type Rows = Promise<readonly object[]>

/** What is always true of categories, attributes, options, images and slugs. */
export const structureClaims = {
  'no category stands below itself': async (ctx: Context): Rows => {
    const { rows } = await sql<object>`
      with recursive up as (
        select c.id as start, c.parent_id as at from categories as c where c.parent_id is not null
        union select up.start, c.parent_id from up join categories as c on c.id = up.at
          where c.parent_id is not null and up.at <> up.start)
      select start from up where at = start`.execute(db(ctx))
    return rows
  },

  'a category that is shown stands in one that is shown': (ctx: Context): Rows =>
    db(ctx)
      .selectFrom('categories as c')
      .innerJoin('categories as above', 'above.id', 'c.parent_id')
      .select(['c.id', 'c.slug'])
      .where('c.archived_at', 'is', null)
      .where('above.archived_at', 'is not', null)
      .execute(),

  'products are shown in just their categories and those above': misplaced,

  'every value is one that its attribute takes': async (ctx: Context): Rows => {
    const rows = await db(ctx)
      .selectFrom('product_attributes as m')
      .innerJoin('attributes as a', 'a.id', 'm.attribute_id')
      .select(['m.product_id', 'a.code', 'a.type', 'a.choices'])
      .select(['m.value', 'm.value_key', 'm.number_value'])
      .execute()
    return rows.filter((row) => {
      try {
        const read = readValue(row, row.value, row.code)
        const { value, value_key, number_value } = row
        return JSON.stringify(read) !== JSON.stringify({ value, value_key, number_value })
      } catch {
        return true
      }
    })
  },

  "every live variant makes one choice of each of its product's options": async (
    ctx: Context,
  ): Rows => {
    const rows = await db(ctx)
      .selectFrom('product_variants as v')
      .innerJoin('products as p', 'p.id', 'v.product_id')
      .select(['v.id', 'v.sku', 'v.options as chosen', 'p.options'])
      .where('v.archived_at', 'is', null)
      .execute()
    return rows.filter(
      ({ options, chosen }) =>
        options.length > 0 &&
        (Object.keys(chosen).length !== options.length ||
          options.some(({ name, choices }) => !choices.includes(chosen[name] ?? ''))),
    )
  },

  'what is unique of a variant is made of its options and its GTIN': async (ctx: Context): Rows => {
    const rows = await db(ctx)
      .selectFrom('product_variants')
      .select(['id', 'sku', 'options', 'options_key', 'gtin', 'gtin_key'])
      .execute()
    return rows.filter(
      ({ options, options_key, gtin, gtin_key }) =>
        options_key !== optionsKey(options) ||
        gtin_key !== (gtin === null ? null : gtinKey(gtin)) ||
        (gtin !== null && !isGtin(gtin)),
    )
  },

  'an image of a variant is one of its own product, and the first is the one shown': async (
    ctx: Context,
  ): Rows => {
    const { rows } = await sql<object>`
      select v.id, v.sku from product_variants as v
        where v.archived_at is null and coalesce(v.image_url, '') <> coalesce((
          select i.url from product_images as i where i.variant_id = v.id
          order by i.position limit 1), '')
      union all select i.id, i.url from product_images as i
        join product_variants as v on v.id = i.variant_id where v.product_id <> i.product_id`.execute(
      db(ctx),
    )
    return rows
  },

  'the slug of a product leads to it': (ctx: Context): Rows =>
    db(ctx)
      .selectFrom('products as p')
      .leftJoin('product_slugs as s', 's.slug', 'p.slug')
      .select(['p.id', 'p.slug'])
      .where('p.slug', 'is not', null)
      .where(({ or, eb, ref }) =>
        or([eb('s.product_id', 'is', null), eb('s.product_id', '!=', ref('p.id'))]),
      )
      .execute(),
}
