import { csvLine } from '#kit/csv'
import { STOCK_TABLES } from '#modules/inventory'
import type { ImportKind } from '#platform/imports/kind'
import { db } from '../tables.ts'
import { applyCounts } from './apply.ts'
import { checkCounts } from './check.ts'
import { COLUMNS, readHeader } from './columns.ts'

/** Files of counted stock: each row is one place, and stands alone. */
export const stockImports: ImportKind = {
  name: 'stock',
  path: '/api/v1/inventory/import',
  job: 'warehouse.import_stock',
  readHeader,
  keysOf: (columns) => {
    const at = ['sku', 'location', 'bin', 'lot'].map((name) => columns.indexOf(name))
    return (cells) => {
      const parts = at.map((nth) => (nth < 0 ? '' : (cells[nth] ?? '').trim().toLowerCase()))
      // An empty key begins a group of its own with every row.
      return { group_key: '', row_key: parts.join('\t'), other_key: null }
    }
  },
  group: { rows_max: 1, one: (nth) => `row ${nth} of one place` },
  grows: [...Object.keys(db.tables), ...STOCK_TABLES],
  template: () =>
    csvLine(COLUMNS.map(({ name }) => name)) + csvLine(COLUMNS.map(({ example }) => example)),
  judge: async (ctx, file, rows) => {
    const { counts, problems, invalid } = await checkCounts(ctx, file, rows)
    const apply = async () => ({ levels_changed: await applyCounts(ctx, file.id, counts) })
    return { problems, invalid, apply }
  },
}
