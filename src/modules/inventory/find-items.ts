import type { Id } from '#kit/ids'
import { isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { inventoryErrors } from './errors.ts'
import { skuKey } from './find.ts'
import { db } from './tables.ts'

// The same as `findItem`, for thousands.

const FACTS = ['id', 'number', 'sku', 'sku_key', 'unit'] as const

const byId = prepared(db, (open, p: { values: readonly string[] }, engine) =>
  open
    .selectFrom('inventory_items')
    .select(FACTS)
    .where(isOneOf(engine, 'id', { values: p.values, kind: 'uuid' }))
    .where('archived_at', 'is', null),
)
const byNumber = prepared(db, (open, p: { values: readonly number[] }, engine) =>
  open
    .selectFrom('inventory_items')
    .select(FACTS)
    .where(isOneOf(engine, 'number', { values: p.values, kind: 'bigint' }))
    .where('archived_at', 'is', null),
)
const bySku = prepared(db, (open, p: { values: readonly string[] }, engine) =>
  open
    .selectFrom('inventory_items')
    .select(FACTS)
    .where(isOneOf(engine, 'sku_key', { values: p.values, kind: 'text' }))
    .where('archived_at', 'is', null),
)

/** What is needed of an item to move its units. */
export type FoundItem = { id: Id<'item'>; number: number; sku: string; unit: string }

const NUMBER = /^\d{1,15}$/

/**
 * The items that ids, numbers or SKUs name, in the order given: three statements at most. Throws
 * `item_not_found` for the first that is not there.
 */
export async function findItems(ctx: Context, refs: readonly string[]): Promise<FoundItem[]> {
  const ids = refs.filter(isUuid)
  const numbers = refs.filter((ref) => NUMBER.test(ref)).map(Number)
  const keys = refs.filter((ref) => !isUuid(ref)).map(skuKey)
  const found = [
    ids.length > 0 ? await byId(ctx, { values: ids }) : [],
    keys.length > 0 ? await bySku(ctx, { values: keys }) : [],
    // A number wins over a SKU.
    numbers.length > 0 ? await byNumber(ctx, { values: numbers }) : [],
  ] as const
  const known = new Map<string, FoundItem>()
  for (const item of found[0]) known.set(item.id, item)
  for (const item of found[1]) known.set(item.sku_key, item)
  for (const item of found[2]) known.set(String(item.number), item)
  return refs.map((item) => {
    const one = known.get(isUuid(item) ? item : NUMBER.test(item) ? String(Number(item)) : '')
    const row = one ?? known.get(skuKey(item))
    if (!row) throw inventoryErrors.item_not_found({ item })
    return row
  })
}
