import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { itemsBySku, keepItem } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { catalogueErrors } from './errors.ts'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'

const takenSkus = prepared(db, (open, p: { keys: readonly string[] }, engine) => {
  const isWanted = isOneOf(engine, 'sku_key', { values: p.keys, kind: 'text' })
  return rawQuery(
    open,
    sql<{ sku_key: string; product_id: string; is_variant: number }>`
      select sku_key, id as product_id, 0 as is_variant from products where ${isWanted}
      union all
      select sku_key, product_id, 1 from product_variants where ${isWanted}`,
  )
})

type Wanted = {
  product_id: Id<'product'>
  product?: string | undefined
  variants: readonly string[]
}

/**
 * Refuses SKUs that another product or variant has, archived ones included: a SKU means one thing
 * forever. A product may share its SKU with a variant of its own.
 */
export async function requireFreeSkus(
  ctx: Context,
  { product_id, product, variants }: Wanted,
): Promise<void> {
  const seen = new Set<string>()
  for (const sku of variants) {
    if (seen.has(skuKey(sku))) throw catalogueErrors.sku_taken({ sku })
    seen.add(skuKey(sku))
  }
  const wanted = product === undefined ? [...variants] : [product, ...variants]
  for (const taken of await takenSkus(ctx, { keys: wanted.map(skuKey) })) {
    const isOwn = taken.product_id === product_id
    const clashes = isOwn ? taken.is_variant === 1 && seen.has(taken.sku_key) : true
    if (clashes) throw catalogueErrors.sku_taken({ sku: taken.sku_key })
  }
}

type Tracked = { sku: string; name: string; reorder_point: number | null }

/** The stock item of a SKU: the one that is kept already, else a new one. */
export async function itemFor(
  ctx: Context,
  { sku, name, reorder_point }: Tracked,
): Promise<Id<'item'>> {
  const known = (await itemsBySku(ctx, [sku])).get(skuKey(sku))
  if (known && !known.archived) return known.id
  return keepItem(ctx, { sku, description: name, reorder_point })
}
