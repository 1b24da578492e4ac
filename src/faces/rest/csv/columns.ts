import type { TSchema } from 'typebox'
import { csvLine } from '#kit/csv'

/** A column of a list's table: `shipping_address.city` is a member of a member. */
export type Column = { name: string; path: readonly string[] }

/** Deeper members stand in their column as JSON. */
const DEPTH_MAX = 3

type Schema = {
  type?: string
  anyOf?: Schema[]
  properties?: Record<string, Schema>
}

/**
 * The columns of the rows of a list, from what it declares to answer: the same for every row and
 * every page. Members of members have columns of their own; lists stand in one.
 */
export function columnsOf(item: TSchema): Column[] {
  return leavesOf(item as Schema, []).map((path) => ({ name: path.join('.'), path }))
}

function leavesOf(schema: Schema, path: readonly string[]): (readonly string[])[] {
  const real = schema.anyOf?.filter(({ type }) => type !== 'null')
  const told = real?.length === 1 && real[0] ? real[0] : schema
  const members = Object.entries(told.properties ?? {})
  if (members.length === 0 || path.length === DEPTH_MAX) return [path]
  return members.flatMap(([name, member]) => leavesOf(member, [...path, name]))
}

export const headLine = (columns: readonly Column[]): string =>
  csvLine(columns.map(({ name }) => name))

/** A row as a line of the table. */
export const rowLine = (columns: readonly Column[], row: unknown): string =>
  csvLine(columns.map(({ path }) => cellOf(valueAt(row, path))))

function valueAt(row: unknown, path: readonly string[]): unknown {
  let value = row
  for (const name of path) value = (value as Record<string, unknown> | null | undefined)?.[name]
  return value
}

/** Plain values as they are, lists of plain values with semicolons between, the rest as JSON. */
function cellOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value) && value.every(isPlain)) return value.join('; ')
  return JSON.stringify(value)
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && !value.includes(';'))
