import { sql } from 'kysely'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { availableOfLevel } from '../available.ts'
import { findItem, findLocation } from '../find.ts'
import { backordered } from '../held.ts'
import { skusOf } from '../shelf-units.ts'
import { db } from '../tables.ts'
import type { Backorder, ListBackorders, ListSuggestions, ReorderSuggestion } from './schemas.ts'

// What transfers bring there, and what is expected from outside.
const incoming = sql<number>`((select coalesce(sum(tl.shipped_quantity - tl.received_quantity
    - tl.lost_quantity - tl.returned_quantity), 0)
  from transfer_lines as tl join transfers as t on t.id = tl.transfer_id
  where tl.item_id = l.item_id and t.to_location_id = l.location_id and t.status = 'in_transit')
  + (select coalesce(sum(s.quantity - s.received_quantity), 0) from supplies as s
  where s.item_id = l.item_id and s.location_id = l.location_id and s.status = 'expected'))`

/**
 * The shelves that have run low, with how much to order for each; what is on its way there counts.
 * By item and location.
 */
export async function listSuggestions(
  ctx: Context,
  query: ListSuggestions,
): Promise<Page<ReorderSuggestion>> {
  const start = pageStart(query, 'item')
  const available = availableOfLevel('l')
  let found = db(ctx)
    .selectFrom('stock_levels as l')
    .innerJoin('inventory_items as i', 'i.id', 'l.item_id')
    .innerJoin('locations as p', 'p.id', 'l.location_id')
    .where('l.low_at', 'is not', null)
    .where('i.archived_at', 'is', null)
    .where('p.archived_at', 'is', null)
    .where(sql<boolean>`${available} + ${incoming} <= l.low_at`)
  if (query.location_id !== undefined) {
    const { id } = await findLocation(ctx, query.location_id)
    found = found.where('l.location_id', '=', id)
  }
  let page = found
    .select(['l.item_id', 'i.sku', 'l.location_id', 'p.code', 'l.low_at', 'i.backordered'])
    .select(['l.reorder_quantity', 'i.reorder_quantity as of_item', 'i.lead_time_days'])
    .select([available.as('available'), incoming.as('in_transit')])
    .orderBy('l.item_id')
    .orderBy('l.location_id')
    .limit(start.limit + 1)
  const location = afterId<'location'>(start)
  const [item] = start.after ?? []
  if (location) page = page.where(sql<boolean>`(l.item_id, l.location_id) > (${item}, ${location})`)
  else page = page.offset(start.offset)
  return pageOf({
    start,
    sort: 'item',
    rows: await page.execute(),
    key: ({ item_id, location_id }) => [item_id, location_id],
    item: (row) => {
      const available_quantity = Number(row.available)
      const in_transit_quantity = Number(row.in_transit)
      const reorder_point = row.low_at as number
      const reorder_quantity = row.reorder_quantity ?? row.of_item
      const missing = reorder_point - available_quantity - in_transit_quantity + 1
      return {
        item_id: row.item_id,
        item_number: row.sku,
        location_id: row.location_id,
        location_code: row.code,
        available_quantity,
        in_transit_quantity,
        backordered_quantity: row.backordered,
        reorder_point,
        reorder_quantity,
        suggested_quantity: Math.max(reorder_quantity ?? 0, missing),
        lead_time_days: row.lead_time_days,
      }
    },
    total: await countUpTo(ctx, found),
  })
}

/** What waits for stock, oldest first: the order in which it will be served. */
export async function listBackorders(
  ctx: Context,
  query: ListBackorders,
): Promise<Page<Backorder>> {
  const start = pageStart(query, 'id')
  let found = db(ctx)
    .selectFrom('reservations')
    .where('location_id', 'is', null)
    .where('status', 'in', ['pending', 'confirmed'])
  if (query.product_id !== undefined) {
    found = found.where('item_id', '=', (await findItem(ctx, query.product_id)).id)
  }
  if (query.reference_id !== undefined) {
    found = found.where('reference_id', '=', query.reference_id)
  }
  const after = afterId<'reservation'>(start)
  const from = after ? found.where('id', '>', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id')
    .limit(start.limit + 1)
    .execute()
  const skus = await skusOf(
    ctx,
    rows.map(({ item_id }) => item_id),
  )
  return pageOf({
    start,
    sort: 'id',
    rows,
    key: ({ id }) => [id],
    item: (row) => {
      const { reservation_id: id, ...waiting } = backordered(row)
      const item_number = skus.get(row.item_id) ?? ''
      return { id, ...waiting, item_number, created_at: row.created_at }
    },
    total: await countUpTo(ctx, found),
  })
}
