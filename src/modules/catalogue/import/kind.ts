import { csvLine } from '#kit/csv'
import { STOCK_TABLES } from '#modules/inventory'
import type { ImportKind } from '#platform/imports/kind'
import { gtinKey, isGtin } from '../gtin.ts'
import { skuKey } from '../sku.ts'
import { db } from '../tables.ts'
import { applyPlans } from './apply.ts'
import { checkRows } from './check.ts'
import { COLUMNS, readHeader } from './columns.ts'

export const IMPORT_PATH = '/api/v1/products/import'
/** As many variants as a product may be created with. */
export const VARIANTS_MAX = 250

/** Files of products with variants, prices and stock: the rows of a group are one product's. */
export const productImports: ImportKind = {
  name: 'products',
  path: IMPORT_PATH,
  job: 'catalogue.import_products',
  readHeader,
  keysOf: (columns) => {
    const [product, variant, gtin] = ['product_sku', 'sku', 'gtin'].map((name) =>
      columns.indexOf(name),
    ) as [number, number, number]
    return (cells) => {
      const row_key = skuKey((cells[variant] ?? '').trim())
      const group_key = skuKey((cells[product] ?? '').trim()) || row_key
      return { group_key, row_key, other_key: gtinIn(cells[gtin]) }
    }
  },
  group: { rows_max: VARIANTS_MAX, one: (nth) => `variant ${nth} of its product` },
  grows: [...Object.keys(db.tables), ...STOCK_TABLES],
  template: () => {
    const names = COLUMNS.map(({ name }) => name)
    const example = COLUMNS.map((column) => column.example)
    return csvLine([...names, 'option:colour']) + csvLine([...example, 'blue'])
  },
  judge: async (ctx, file, rows) => {
    const { plans, problems, invalid } = await checkRows(ctx, file, rows)
    const apply = async () => {
      const { created, updated } = await applyPlans(ctx, file.id, plans)
      return { products_created: created, products_updated: updated }
    }
    return { problems, invalid, apply }
  },
}

const gtinIn = (cell = ''): string | null => (isGtin(cell.trim()) ? gtinKey(cell.trim()) : null)
