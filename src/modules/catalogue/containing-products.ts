import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'

type Asked = { pattern: string; after: string; limit: number }
type Found = { id: Id<'product'> }

/** Before every id. */
export const FIRST_PRODUCT = '00000000-0000-0000-0000-000000000000'

// Oldest first, by the primary key: it stops as soon as enough are found.
const containing = prepared(db, (open, p: Asked) =>
  rawQuery<Found>(
    open,
    sql`select id from products where id > ${p.after} and status = 'active'
      and (name_key like ${p.pattern} escape '!' or sku_key like ${p.pattern} escape '!')
      order by id limit ${p.limit}`,
  ),
)

/**
 * Products on sale whose name or SKU contains a text in any case, oldest first, after an id. It
 * looks at one product after the other, so it is for catalogues that are read whole; a shop's
 * search is `matchingProducts`.
 */
export async function productsContaining(
  ctx: Context,
  { text, after, limit }: { text: string; after: string; limit: number },
): Promise<Id<'product'>[]> {
  const pattern = `%${text.toLowerCase().replace(/[!%_]/g, '!$&')}%`
  return (await containing(ctx, { pattern, after, limit })).map(({ id }) => id)
}

const taken = prepared(db, (open, p: { keys: readonly string[] }, engine) =>
  rawQuery<{ sku_key: string }>(
    open,
    sql`select sku_key from product_variants
      where ${isOneOf(engine, 'sku_key', { values: p.keys, kind: 'text' })}
      union select sku_key from products
      where ${isOneOf(engine, 'sku_key', { values: p.keys, kind: 'text' })}`,
  ),
)

/** Those of these SKUs that are in the catalogue already, as they were asked for. */
export async function knownSkus(ctx: Context, skus: readonly string[]): Promise<Set<string>> {
  const rows = await taken(ctx, { keys: skus.map(skuKey) })
  const keys = new Set(rows.map(({ sku_key }) => sku_key))
  return new Set(skus.filter((sku) => keys.has(skuKey(sku))))
}

const currencies = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('products')
    .select('currency')
    .where('id', '=', p.id as Id<'product'>)
    .where('status', '=', 'active'),
)

/** The currency that a product's own price is in; undefined if it is not on sale. */
export const currencyOfProduct = async (ctx: Context, id: string): Promise<string | undefined> =>
  (await currencies.first(ctx, { id }))?.currency
