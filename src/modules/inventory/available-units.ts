import { type RawBuilder, sql } from 'kysely'
import { BAND_RANGES, STOCK_BANDS } from './stock-bands.ts'

/**
 * A table expression for a query of a module above: `item_id` and `available`, the units of every
 * item that can be promised now, summed over its locations. An item without stock is missing.
 */
export const availableUnits: RawBuilder<unknown> = sql`(
  select item_id, sum(on_hand - reserved) as available from stock_levels group by item_id)`

/** The band of an expression that counts available units, as `bandOf` says it. */
export function bandColumn(available: RawBuilder<unknown>): RawBuilder<string> {
  const cases = STOCK_BANDS.slice(0, -1).map(
    (band) =>
      sql`when ${available} <= ${sql.lit(BAND_RANGES[band].to)} then ${sql.lit(band as string)}`,
  )
  return sql`case ${sql.join(cases, sql` `)} else ${sql.lit(STOCK_BANDS.at(-1) as string)} end`
}
