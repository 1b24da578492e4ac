import { nearestName } from '#platform/config/problems'
import { importErrors } from '#platform/imports/errors'

type Column = { name: string; needed: boolean; description: string; example: string }

/** Every column that a file of counted stock may have, in the order of the template. */
export const COLUMNS: readonly Column[] = [
  column('sku', true, 'Whose stock it is.', 'MUG-BLUE'),
  column('location', true, 'The code of the location.', 'MAIN'),
  column('quantity', true, 'Units found there for sale: counted, not added.', '48'),
  column('bin', false, 'The scan code of the bin; empty for units in none.', ''),
  column('lot', false, 'The lot number; needed for items with lots.', ''),
  column('expires_on', false, 'The last good day of a lot that is new.', ''),
]

function column(name: string, needed: boolean, description: string, example: string): Column {
  return { name, needed, description, example }
}

const NAMES = COLUMNS.map(({ name }) => name)

/** The columns that a first line names, as we call them. Throws `wrong_columns`. */
export function readHeader(cells: readonly string[]): string[] {
  const columns = cells.map((cell) => cell.trim().toLowerCase().replaceAll(/[ -]+/g, '_'))
  const problems = columns.flatMap((name, nth) => {
    if (name === '') return [`column ${nth + 1} has no name`]
    if (columns.indexOf(name) < nth) return [`"${name}" is there twice`]
    if (NAMES.includes(name)) return []
    const near = nearestName(name, NAMES)
    return [`there is no column "${cells[nth]}"${near ? `; did you mean "${near}"?` : ''}`]
  })
  for (const { name, needed } of COLUMNS) {
    if (needed && !columns.includes(name)) problems.push(`"${name}" is missing`)
  }
  if (problems.length > 0) throw importErrors.wrong_columns({ problem: problems.join('; ') })
  return columns
}
