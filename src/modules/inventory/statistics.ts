import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { Instant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { availableOfLevel, bandColumn } from './available.ts'
import { STOCK_BANDS, type StockBand } from './stock-bands.ts'
import { db } from './tables.ts'

const count = Type.Integer({ minimum: 0 })
const byBand = Object.fromEntries(STOCK_BANDS.map((band) => [band, count])) as Record<
  StockBand,
  typeof count
>

export const InventoryStatistics = Type.Object({
  total_items: Type.Integer({ minimum: 0, description: 'Items that are kept, not archived ones.' }),
  total_locations: count,
  units_on_hand: count,
  units_reserved: count,
  units_available: Type.Integer(),
  low_stock_items: Type.Integer({
    minimum: 0,
    description: 'Items at or below their reorder point (10 if unset).',
  }),
  items_by_band: Type.Object(byBand, {
    description: 'By available units: none, 1 to 5, 6 to 10, 11 to 50, more.',
  }),
  timestamp: Instant,
})

type Row = {
  band: StockBand
  items: number
  low: number
  on_hand: number
  reserved: number
  available: number
}

// Grows with the items that are kept, never with orders or movements.
const bands = prepared(db, (open, _: object) =>
  rawQuery(
    open,
    sql<Row>`
      select band, count(*) as items, sum(on_hand) as on_hand, sum(reserved) as reserved,
        sum(available) as available,
        sum(case when available <= reorder_point then 1 else 0 end) as low
      from (
        select s.*, ${bandColumn(sql`available`)} as band from (
          select i.id, coalesce(i.reorder_point, 10) as reorder_point,
            coalesce(sum(l.on_hand), 0) as on_hand, coalesce(sum(l.reserved), 0) as reserved,
            coalesce(sum(${availableOfLevel('l')}), 0) as available
          from inventory_items as i left join stock_levels as l on l.item_id = i.id
          where i.archived_at is null group by i.id, i.reorder_point) as s) as b
      group by band`,
  ),
)

/** How much stock there is, and how well the items are stocked. */
export async function inventoryStatistics(
  ctx: Context,
): Promise<Static<typeof InventoryStatistics>> {
  const rows = await bands(ctx, {})
  const { locations } = await db(ctx)
    .selectFrom('locations')
    .select((eb) => eb.fn.countAll<number>().as('locations'))
    .where('archived_at', 'is', null)
    .executeTakeFirstOrThrow()
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + Number(of(row)), 0)
  const itemsIn = (band: StockBand) => Number(rows.find((row) => row.band === band)?.items ?? 0)
  const on_hand = sum((row) => row.on_hand)
  const reserved = sum((row) => row.reserved)
  return {
    total_items: sum((row) => row.items),
    total_locations: Number(locations),
    units_on_hand: on_hand,
    units_reserved: reserved,
    units_available: sum((row) => row.available),
    low_stock_items: sum((row) => row.low),
    items_by_band: {
      out_of_stock: itemsIn('out_of_stock'),
      critical: itemsIn('critical'),
      low: itemsIn('low'),
      medium: itemsIn('medium'),
      high: itemsIn('high'),
    },
    timestamp: ctx.now,
  }
}
