/**
 * How well a product is stocked, by the units that can be promised now. The bands do not overlap:
 * what is critical is not also low (published stock health, users-products-orders API).
 */
export const STOCK_BANDS = ['out_of_stock', 'critical', 'low', 'medium', 'high'] as const
export type StockBand = (typeof STOCK_BANDS)[number]

/** Units from and to, both included. */
export type StockRange = { from: number; to: number }

const LEAST = Number.MIN_SAFE_INTEGER
const MOST = Number.MAX_SAFE_INTEGER

/** The units of each band; together they are all numbers there are. */
export const BAND_RANGES: Record<StockBand, StockRange> = {
  out_of_stock: { from: LEAST, to: 0 },
  critical: { from: 1, to: 5 },
  low: { from: 6, to: 10 },
  medium: { from: 11, to: 50 },
  high: { from: 51, to: MOST },
}

/** What a stock check can be narrowed to: a band, or everything that is to be had. */
export const STOCK_CATEGORIES = [...STOCK_BANDS, 'available'] as const
export type StockCategory = (typeof STOCK_CATEGORIES)[number]

/** The band of so many available units. */
export const bandOf = (available: number): StockBand =>
  STOCK_BANDS.find((band) => available <= BAND_RANGES[band].to) ?? 'high'

/** The units that pass a filter of a stock check; empty (`from` above `to`) if nothing does. */
export function stockRange(filter: {
  category?: StockCategory | undefined
  min_stock?: number | undefined
  max_stock?: number | undefined
}): StockRange {
  const { category, min_stock = LEAST, max_stock = MOST } = filter
  const all = { from: LEAST, to: MOST }
  const band =
    category === undefined
      ? all
      : category === 'available'
        ? { from: 1, to: MOST }
        : BAND_RANGES[category]
  return { from: Math.max(band.from, min_stock), to: Math.min(band.to, max_stock) }
}
