import type { Cells, Problem } from '#platform/imports/cells'
import type { StagedRow } from '#platform/imports/kind'
import { skuKey } from '../sku.ts'
import { COLUMNS, isOfProduct } from './columns.ts'
import {
  cellsOf,
  type ReadProduct,
  type ReadVariant,
  readProduct,
  readVariant,
} from './read-row.ts'

/** The rows of one product, read; what is wrong in itself is among the problems already. */
export type ReadGroup = {
  group_no: number
  group_key: string
  /** Every SKU that it names, without regard to case. */
  keys: string[]
  product: ReadProduct
  variants: (ReadVariant & { cells: Cells })[]
  first: Cells
}

/** Reads the rows of a batch, product by product. */
export function readGroups(
  columns: readonly string[],
  rows: readonly StagedRow[],
  problems: Problem[],
): ReadGroup[] {
  const ofProduct = Map.groupBy(rows, ({ group_no }) => group_no)
  return [...ofProduct.values()].map((group) => readGroup(columns, group, problems))
}

function readGroup(
  columns: readonly string[],
  rows: readonly StagedRow[],
  problems: Problem[],
): ReadGroup {
  const all = rows.map((row) => cellsOf(columns, row, problems))
  const [row] = rows as [StagedRow]
  const [first, ...rest] = all as [Cells, ...Cells[]]
  for (const other of rest) requireSame(first, other)
  const variants = all.map((cells) => ({ ...readVariant(cells), cells }))
  for (const { cells } of variants) {
    if (cells.text('sku') === undefined) cells.refuse('sku', 'MISSING', 'is required')
  }
  const keys = [row.group_key, ...rows.map(({ row_key }) => row_key)]
  return {
    group_no: row.group_no,
    group_key: row.group_key,
    keys: [...new Set(keys)].filter((key) => key !== ''),
    product: readProduct(first),
    variants,
    first,
  }
}

const PRODUCT_COLUMNS = COLUMNS.map(({ name }) => name).filter(isOfProduct)

/** What is said of a product stands in its first row; a later row may repeat it, or say nothing. */
function requireSame(first: Cells, other: Cells): void {
  for (const name of PRODUCT_COLUMNS) {
    const said = other.text(name)
    const isSku = name === 'product_sku'
    const known = isSku ? skuKey(first.text(name) ?? '') : first.text(name)
    if (said === undefined || known === (isSku ? skuKey(said) : said)) continue
    other.refuse(name, 'CONTRADICTS', `differs from line ${first.line}, the product's first row`)
  }
}
