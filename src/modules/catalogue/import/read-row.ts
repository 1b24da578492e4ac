import { parseCurrency } from '#kit/money'
import { Cells, type Problem } from '#platform/imports/cells'
import type { StagedRow } from '#platform/imports/kind'
import { invalidField } from '#platform/operations'
import { gramsOf, priceOf, properSku, tagsOf, urlOf } from '../facts.ts'
import { gtinFacts } from '../gtin.ts'
import { OPTION } from './columns.ts'

export type ReadProduct = ReturnType<typeof readProduct>
export type ReadVariant = ReturnType<typeof readVariant>

const STATUSES = ['draft', 'active', 'inactive'] as const
const QUANTITY_MAX = 1_000_000_000
const CATEGORIES_MAX = 50

export const cellsOf = (columns: readonly string[], row: StagedRow, problems: Problem[]): Cells =>
  new Cells(columns, row, problems)

/** What a row says of its product; undefined where it says nothing. */
export function readProduct(row: Cells) {
  return {
    sku: row.read('product_sku', (text) => properSku(oneLine(text, 100), 'product_sku')),
    name: row.read('name', (text) => oneLine(text, 255)),
    description: row.read('description', (text) => severalLines(text, 2000)),
    brand: row.read('brand', (text) => oneLine(text, 100)),
    manufacturer: row.read('manufacturer', (text) => oneLine(text, 100)),
    tags: row.read('tags', (text) => tagsOf(oneLine(text, 1000))),
    categories: row.read('categories', categoryPaths),
    status: row.read('status', statusOf),
    tax_class: row.read('tax_class', (text) => oneLine(text, 50)),
    image_url: row.read('image_url', (text) => urlOf(oneLine(text, 2000), 'image_url') as string),
    reorder_point: row.read('reorder_point', wholeNumber),
  }
}

/** What a row says of its variant. Money needs a currency: see `readMoney`. */
export function readVariant(row: Cells) {
  const options = row.named(OPTION).map(([name]) => {
    const choice = row.read(`${OPTION}${name}`, (text) => oneLine(text, 100))
    return [name, choice] as const
  })
  return {
    line: row.line,
    sku: row.read('sku', (text) => properSku(oneLine(text, 100))),
    name: row.read('variant_name', (text) => oneLine(text, 255)),
    gtin: row.read('gtin', (text) => gtinFacts(text) as { gtin: string; gtin_key: string }),
    currency: row.read('currency', parseCurrency),
    weight_grams: row.read('weight', (text) => gramsOf(text, 'weight') as number),
    tracked: row.read('track_stock', yesOrNo),
    location: row.read('location', (text) => oneLine(text, 100)),
    quantity: row.read('quantity', wholeNumber),
    options:
      options.length > 0 ? (Object.fromEntries(options) as Record<string, string>) : undefined,
  }
}

/** The amounts of a row in a currency, minor units. */
export function readMoney(row: Cells, currency: string) {
  const amountOf = (name: string) => row.read(name, (text) => priceOf(text, currency, name))
  return {
    amount: amountOf('price'),
    compare_at_amount: amountOf('compare_at_price'),
    cost_amount: amountOf('cost'),
  }
}

function oneLine(text: string, most: number): string {
  if (/\p{Cc}/u.test(text)) throw invalidField('cell', 'must be one line of text')
  return notTooLong(text, most)
}

function severalLines(text: string, most: number): string {
  if (/[^\P{Cc}\t\n\r]/u.test(text)) {
    throw invalidField('cell', 'has control characters')
  }
  return notTooLong(text, most)
}

function notTooLong(text: string, most: number): string {
  if (text.length > most) throw invalidField('cell', `has more than ${most} characters`)
  return text
}

function wholeNumber(text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number <= QUANTITY_MAX) return number
  throw invalidField('cell', `must be a whole number from 0 to ${QUANTITY_MAX}`)
}

function yesOrNo(text: string): boolean {
  if (/^(yes|true|1)$/i.test(text)) return true
  if (/^(no|false|0)$/i.test(text)) return false
  throw invalidField('cell', 'must be yes or no')
}

function statusOf(text: string): (typeof STATUSES)[number] {
  const status = STATUSES.find((name) => name === text.toLowerCase())
  if (status) return status
  throw invalidField('cell', `must be one of ${STATUSES.join(', ')}`)
}

/** Each as `a > b` in lower case: how `pathsOf` of the categories writes them. */
function categoryPaths(text: string): string[] {
  const paths = oneLine(text, 5000)
    .split('|')
    .map((path) => path.split('>').map((name) => name.trim().toLowerCase()))
    .filter((names) => names.some((name) => name !== ''))
    .map((names) => names.join(' > '))
  if (paths.length > CATEGORIES_MAX) {
    throw invalidField('cell', `names more than ${CATEGORIES_MAX} categories`)
  }
  return [...new Set(paths)]
}
