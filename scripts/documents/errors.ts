import { httpErrors } from '#faces/rest/errors'
import type { ErrorSpec } from '#kit/errors'
import type { Lifecycle } from '#kit/lifecycle'
import type { Module } from '#platform/module'
import { code, page, table } from './markdown.ts'

type Row = ErrorSpec & { from: string }

/** Every refusal by its code. */
export function errorsPage(modules: readonly Module[]): string {
  const rows = [
    ...specsOf('HTTP', [httpErrors]),
    ...modules.flatMap(({ name, errors = [], lifecycles = [] }) => [
      ...specsOf(name, errors),
      ...lifecycles.flatMap((lifecycle) => refusalsOf(name, lifecycle)),
    ]),
  ].toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
  const distinct = [
    ...new Map(rows.map((row) => [`${row.code} ${row.from} ${row.message}`, row])).values(),
  ]
  return page(
    'Errors',
    'Every `code` that an answer may carry. Words in braces stand in `details`. Decide by `code`; the sentence may change.',
    [
      table(
        ['code', 'status', 'sentence', 'from'],
        distinct.map((row) => [code(row.code), String(row.status), row.message, row.from]),
      ),
    ],
  )
}

const specsOf = (from: string, catalogues: readonly Record<string, { spec: ErrorSpec }>[]): Row[] =>
  catalogues.flatMap((catalogue) => Object.values(catalogue).map(({ spec }) => ({ ...spec, from })))

/** The refusals that a lifecycle makes by itself, one for each move. */
const refusalsOf = (from: string, { thing, moves }: Lifecycle): Row[] =>
  Object.keys(moves).map((move) => ({
    code: `${thing}_cannot_${move}`.toUpperCase(),
    status: 409,
    message: `Cannot ${move.replaceAll('_', ' ')} the ${thing}: it is {state}.`,
    from,
  }))
