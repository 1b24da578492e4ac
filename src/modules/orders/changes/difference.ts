import type { OrderState, Rows } from './effects.ts'
import { isEqual } from './store-state.ts'

type Members = Record<string, unknown>

/** What differs between two moments of an order, by member; rows by what names them. */
export type Difference = { before: Members; after: Members }

const ROWS = ['lines', 'fees', 'discounts', 'taxes'] as const

/** The members that differ, and no others: what history tells of a step. */
export function differenceOf(before: OrderState, after: OrderState): Difference {
  const parts = [
    ['details', differing(before.details, after.details)] as const,
    ...ROWS.map((name) => [name, differing(named(before, name), named(after, name))] as const),
  ].filter(([, { after: to, before: from }]) => Object.keys({ ...from, ...to }).length > 0)
  return {
    before: Object.fromEntries(parts.map(([name, one]) => [name, one.before])),
    after: Object.fromEntries(parts.map(([name, one]) => [name, one.after])),
  }
}

/** Rows by id, or by their place where they have none. */
const named = (state: OrderState, rows: keyof Pick<Rows, (typeof ROWS)[number]>): Members =>
  Object.fromEntries(
    state[rows].map((row) => [('id' in row ? row.id : row.position) as string, row]),
  )

const isObject = (value: unknown): value is Members =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** The members that differ; what both have as objects is compared member by member. */
export function differing(before: object, after: object): Difference {
  const from: Members = {}
  const to: Members = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const a = (before as Members)[name]
    const b = (after as Members)[name]
    if (isEqual(a, b)) continue
    const inner = isObject(a) && isObject(b) ? differing(a, b) : undefined
    if (a !== undefined) from[name] = inner ? inner.before : a
    if (b !== undefined) to[name] = inner ? inner.after : b
  }
  return { before: from, after: to }
}
