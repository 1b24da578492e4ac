import type { Module } from '#platform/module'
import { code, page, table, typeText } from './markdown.ts'

/** Every table and its columns, by module. */
export function schemaPage(modules: readonly Module[]): string {
  const parts = modules
    .filter(({ tables }) => Object.keys(tables).length > 0)
    .map(({ name, tables }) => {
      const sections = Object.entries(tables).map(([own, { properties }]) => {
        const rows = Object.entries(properties).map(([column, schema]) => [
          code(column),
          typeText(schema as never),
          (schema as { description?: string }).description ?? '',
        ])
        return `### ${own}\n\n${table(['column', 'what it holds', ''], rows)}`
      })
      return [`## ${name}`, ...sections].join('\n\n')
    })
  return page(
    'Tables',
    'What is stored, as the modules declare it; a test compares this with the migrated tables. Amounts are minor units, instants UTC.',
    parts,
  )
}
