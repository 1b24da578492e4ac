import { nearestName } from '#platform/config/problems'
import { importErrors } from '#platform/imports/errors'

type Column = {
  name: string
  /** Of the product, told by its first row, or of the variant, told by each. */
  of: 'product' | 'variant'
  description: string
  example: string
}

/** Every column that a file may have, in the order of the template. */
export const COLUMNS: readonly Column[] = [
  column('product_sku', 'product', 'Which product the row belongs to; `sku` if left out.', 'MUG'),
  column('name', 'product', 'Needed for a new product.', 'Mug'),
  column('description', 'product', 'Up to 2000 characters.', 'Holds 350 ml.'),
  column('brand', 'product', '', 'North Kiln'),
  column('manufacturer', 'product', '', 'North Kiln Ltd'),
  column('tags', 'product', 'With commas between them.', 'kitchen, ceramic'),
  column('categories', 'product', 'Paths with > in them, separated by |.', ''),
  column('status', 'product', 'draft, active or inactive; a new product is active.', 'active'),
  column('tax_class', 'product', 'The code of a tax class.', 'standard'),
  column('image_url', 'product', 'http or https.', 'https://example.com/mug.jpg'),
  column('sku', 'variant', 'Needed: what is bought.', 'MUG-BLUE'),
  column('variant_name', 'variant', 'The product’s name if left out.', 'Blue'),
  column('gtin', 'variant', 'EAN, UPC or another GTIN.', '4006381333931'),
  column('price', 'variant', 'Needed for a new variant; a decimal such as 19.99.', '12.50'),
  column('currency', 'variant', 'Of price, compare_at_price and cost.', 'USD'),
  column('compare_at_price', 'variant', 'The former or recommended price.', '15.00'),
  column('cost', 'variant', 'What a unit costs the merchant.', '4.20'),
  column('weight', 'variant', 'Kilograms.', '0.35'),
  column('track_stock', 'variant', 'yes or no; a new variant is tracked.', 'yes'),
  column('location', 'variant', 'The code of the location that quantity is counted at.', ''),
  column('quantity', 'variant', 'Units on hand there, counted: not added.', ''),
  column('reorder_point', 'product', 'For new stock items.', ''),
]

function column(name: string, of: Column['of'], description: string, example: string): Column {
  return { name, of, description, example }
}

const NAMES = COLUMNS.map(({ name }) => name)
const PRODUCT_COLUMNS = new Set(COLUMNS.filter(({ of }) => of === 'product').map((c) => c.name))
/** Followed by the name of an option: `option:colour`. */
export const OPTION = 'option:'
const OPTIONS_MAX = 20
const OPTION_NAME = /^\P{Cc}{1,50}$/u

export const isOfProduct = (name: string): boolean => PRODUCT_COLUMNS.has(name)

/** The columns that a first line names, as we call them. Throws `wrong_columns`. */
export function readHeader(cells: readonly string[]): string[] {
  const problems: string[] = []
  const columns = cells.map((cell, nth) => {
    const name = columnNamed(cell)
    if (typeof name === 'string') return name
    problems.push(`${cell === '' ? `column ${nth + 1} has no name` : name.problem}`)
    return ''
  })
  const seen = new Set<string>()
  for (const name of columns) {
    if (name !== '' && seen.has(name)) problems.push(`"${name}" is there twice`)
    seen.add(name)
  }
  if (!seen.has('sku')) problems.push('"sku" is missing')
  if (columns.filter((name) => name.startsWith(OPTION)).length > OPTIONS_MAX) {
    problems.push(`there are more than ${OPTIONS_MAX} options`)
  }
  if (problems.length > 0) throw importErrors.wrong_columns({ problem: problems.join('; ') })
  return columns
}

function columnNamed(cell: string): string | { problem: string } {
  const given = cell.trim()
  const name = given.toLowerCase().replaceAll(/[ -]+/g, '_')
  if (NAMES.includes(name)) return name
  const option = /^option\s*:\s*(.+)$/i.exec(given)?.[1]
  if (option && OPTION_NAME.test(option)) return `${OPTION}${option}`
  const near = nearestName(name, [...NAMES, OPTION])
  return { problem: `there is no column "${given}"${near ? `; did you mean "${near}"?` : ''}` }
}
