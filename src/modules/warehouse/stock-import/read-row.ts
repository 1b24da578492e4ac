import { Cells, type Problem } from '#platform/imports/cells'
import type { StagedRow } from '#platform/imports/kind'
import { invalidField } from '#platform/operations'

const QUANTITY_MAX = 1_000_000_000

/** A row of a file, read; what is wrong in itself is among the problems already. */
export type CountedRow = ReturnType<typeof readRow>

/** What a row says; members that say nothing are undefined. */
export function readRow(columns: readonly string[], row: StagedRow, problems: Problem[]) {
  const cells = new Cells(columns, row, problems)
  for (const name of ['sku', 'location', 'quantity']) {
    if (cells.text(name) === undefined) cells.refuse(name, 'MISSING', 'is required')
  }
  return {
    cells,
    group_no: row.group_no,
    line: row.line,
    row_key: row.row_key,
    sku: cells.read('sku', (text) => oneLine(text, 100)),
    location: cells.read('location', (text) => oneLine(text, 32)),
    quantity: cells.read('quantity', wholeNumber),
    bin: cells.read('bin', (text) => oneLine(text, 64)),
    lot: cells.read('lot', (text) => oneLine(text, 100)),
    expires_on: cells.read('expires_on', dayOfCalendar),
  }
}

function oneLine(text: string, most: number): string {
  if (/\p{Cc}/u.test(text)) throw invalidField('cell', 'must be one line of text')
  if (text.length > most) throw invalidField('cell', `has more than ${most} characters`)
  return text
}

function wholeNumber(text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number <= QUANTITY_MAX) return number
  throw invalidField('cell', `must be a whole number from 0 to ${QUANTITY_MAX}`)
}

function dayOfCalendar(text: string): string {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (!Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text) return text
  throw invalidField('cell', 'must be a day such as 2027-05-31')
}
