import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, formatMoney, Money } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { type StockedProduct, stockCheck } from '#modules/catalogue'
import { STOCK_CATEGORIES, type StockBand, stockRange } from '#modules/inventory'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'

const LIST_MAX = 1000
const UNITS_MAX = 1_000_000_000

const units = Type.Integer({ minimum: 0, maximum: UNITS_MAX })
export const CheckStock = Type.Object({
  category: Type.Optional(Type.Enum([...STOCK_CATEGORIES])),
  min_stock: Type.Optional(units),
  max_stock: Type.Optional(units),
  list_size: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: LIST_MAX,
      default: LIST_MAX,
      description: 'The most entries of each list.',
    }),
  ),
})
export type CheckStock = Static<typeof CheckStock>

const Entry = Type.Object({
  product_id: IdSchema('product'),
  name: Type.String(),
  stock_quantity: Type.Integer({ description: 'On hand less reserved, over all locations.' }),
  price: Money,
  stock_value: Money,
  currency: Currency,
})
const entries = Type.Array(Entry, { description: 'Fullest first.' })
const count = Type.Integer({ minimum: 0 })

export const StockHealth = Type.Object({
  status: Type.Literal('healthy'),
  message: Type.String(),
  timestamp: Instant,
  filters_applied: Type.Object({
    category: Nullable(Type.Enum([...STOCK_CATEGORIES])),
    min_stock: Nullable(Type.Integer()),
    max_stock: Nullable(Type.Integer()),
  }),
  stock_summary: Type.Object({
    summary: Type.Object({
      total_products: Type.Integer({ description: 'All of which stock is kept, unfiltered.' }),
      products_with_stock: count,
      products_low_stock: count,
      products_out_of_stock: count,
      stock_health_percentage: Type.Number({
        description: 'With stock ÷ all × 100, unfiltered; 0 without products.',
      }),
    }),
    stock_categories: Type.Object({
      available_stock: entries,
      low_stock: entries,
      out_of_stock: entries,
    }),
    stock_distribution: Type.Object({
      high_stock: entries,
      medium_stock: entries,
      critical_stock: entries,
    }),
    alerts: Type.Object({
      low_stock_alerts: count,
      out_of_stock_alerts: count,
      critical_stock_alerts: count,
    }),
    lists_cut: Type.Boolean({ description: 'Whether a list has more than `list_size` products.' }),
    timestamp: Instant,
  }),
})
export type StockHealth = Static<typeof StockHealth>

/**
 * How well the catalogue is stocked, in bands. Counts, alerts and lists follow the filter;
 * `total_products` and the percentage are always those of the whole.
 */
export async function checkStock(ctx: Context, query: CheckStock): Promise<StockHealth> {
  const { category, min_stock, max_stock, list_size = LIST_MAX } = query
  if (min_stock !== undefined && max_stock !== undefined && min_stock > max_stock) {
    throw invalidField('min_stock', 'must not be above max_stock')
  }
  const { counts, products } = await stockCheck(ctx, stockRange(query), list_size)
  const inBand = (band: StockBand) => counts.find((row) => row.band === band)
  const shown = (...bands: StockBand[]) =>
    bands.reduce((sum, band) => sum + (inBand(band)?.shown ?? 0), 0)
  const total = counts.reduce((sum, { whole }) => sum + whole, 0)
  const stocked = total - (inBand('out_of_stock')?.whole ?? 0)
  const list = (...bands: StockBand[]) =>
    products.filter(({ band }) => bands.includes(band)).slice(0, list_size)
  const available = shown(...IN_STOCK)
  const out_of_stock = shown('out_of_stock')
  return {
    status: 'healthy',
    message: 'Stock management system is operational',
    timestamp: ctx.now,
    filters_applied: {
      category: category ?? null,
      min_stock: min_stock ?? null,
      max_stock: max_stock ?? null,
    },
    stock_summary: {
      summary: {
        total_products: total,
        products_with_stock: available,
        products_low_stock: shown('low'),
        products_out_of_stock: out_of_stock,
        stock_health_percentage: total === 0 ? 0 : Math.round((stocked / total) * 10_000) / 100,
      },
      stock_categories: {
        available_stock: list(...IN_STOCK).map(entryOf),
        low_stock: list('low').map(entryOf),
        out_of_stock: list('out_of_stock').map(entryOf),
      },
      stock_distribution: {
        high_stock: list('high').map(entryOf),
        medium_stock: list('medium').map(entryOf),
        critical_stock: list('critical').map(entryOf),
      },
      alerts: {
        low_stock_alerts: shown('low'),
        out_of_stock_alerts: out_of_stock,
        critical_stock_alerts: shown('critical'),
      },
      lists_cut: Math.max(available, out_of_stock) > list_size,
      timestamp: ctx.now,
    },
  }
}

const IN_STOCK = ['high', 'medium', 'low', 'critical'] as const

const entryOf = (product: StockedProduct): Static<typeof Entry> => ({
  product_id: product.product_id,
  name: product.name,
  stock_quantity: product.available,
  price: formatMoney(product.price_amount, product.currency),
  stock_value: formatMoney(product.value_amount, product.currency),
  currency: product.currency,
})
