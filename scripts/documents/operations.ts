import type { Module } from '#platform/module'
import type { Operation } from '#platform/operations'
import { code, page, table } from './markdown.ts'

/** Every operation by module: how it is asked for, what it needs, what it does. */
export function operationsPage(modules: readonly Module[]): string {
  const parts = modules
    .filter(({ operations }) => operations.length > 0)
    .map(({ name, operations }) => `## ${name}\n\n${table(HEAD, operations.flatMap(rowsOf))}`)
  return page(
    'Operations',
    'Everything that can be asked for. Lines that begin with «also» are published aliases of the line above.',
    parts,
  )
}

const HEAD = ['request', 'permission', 'what it does', 'operation']

function rowsOf({ rest, aliases = [], permission, summary, name }: Operation): string[][] {
  return [
    [code(rest), code(permission), summary, code(name)],
    ...aliases.map((alias) => [`also ${code(alias)}`, '', '', '']),
  ]
}
