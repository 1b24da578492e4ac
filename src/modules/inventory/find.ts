import type { Static } from 'typebox'
import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { inventoryErrors } from './errors.ts'
import { db } from './tables.ts'

export const skuKey = (sku: string): string => sku.toLowerCase()

const itemById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('inventory_items')
    .selectAll()
    .where('id', '=', p.id as Id<'item'>),
)
const itemBySku = prepared(db, (open, p: { sku_key: string }) =>
  open.selectFrom('inventory_items').selectAll().where('sku_key', '=', p.sku_key),
)
const itemByNumber = prepared(db, (open, p: { number: number }) =>
  open.selectFrom('inventory_items').selectAll().where('number', '=', p.number),
)
const locationById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('locations')
    .selectAll()
    .where('id', '=', p.id as Id<'location'>),
)
const locationByCode = prepared(db, (open, p: { code: string }) =>
  open.selectFrom('locations').selectAll().where('code', '=', p.code),
)
const locationByNumber = prepared(db, (open, p: { number: number }) =>
  open.selectFrom('locations').selectAll().where('number', '=', p.number),
)

export type ItemRow = Static<(typeof db.tables)['inventory_items']>

const NUMBER = /^\d{1,15}$/

/**
 * The item that an id, a number or a SKU names; throws `item_not_found`. A number wins over a SKU.
 */
export async function findItem(ctx: Context, item: string) {
  const found = isUuid(item)
    ? await itemById.first(ctx, { id: item })
    : ((NUMBER.test(item) ? await itemByNumber.first(ctx, { number: Number(item) }) : undefined) ??
      (await itemBySku.first(ctx, { sku_key: skuKey(item) })))
  if (!found || found.archived_at) throw inventoryErrors.item_not_found({ item })
  return found
}

/** The location that an id, a number or a code names; throws `location_not_found`. */
export async function findLocation(ctx: Context, location: string | number) {
  const text = String(location)
  const found = isUuid(text)
    ? await locationById.first(ctx, { id: text })
    : ((NUMBER.test(text)
        ? await locationByNumber.first(ctx, { number: Number(text) })
        : undefined) ?? (await locationByCode.first(ctx, { code: text })))
  if (!found || found.archived_at) throw inventoryErrors.location_not_found({ location })
  return found
}

const leading = prepared(db, (open, p: { most: number }) =>
  open
    .selectFrom('locations')
    .selectAll()
    .where('archived_at', 'is', null)
    .orderBy('priority')
    .orderBy('number')
    .limit(p.most),
)

/** The location that is asked first when an order looks for stock; undefined if there is none. */
export const firstLocation = (ctx: Context) => leading.first(ctx, { most: 1 })
