import type { Module } from '#platform/module'
import { code, page, table, typeText } from './markdown.ts'

const eventsOf = (modules: readonly Module[]) =>
  modules
    .flatMap(({ name: module, events = [] }) =>
      events.flatMap((catalogue) => Object.values(catalogue).map((event) => ({ module, event }))),
    )
    .toSorted((a, b) => (a.event.type < b.event.type ? -1 : 1))

/** Every event with the members of its payload. */
export function eventsPage(modules: readonly Module[]): string {
  const parts = eventsOf(modules).map(({ module, event }) => {
    const { description, payload, entity } = event.spec
    const { properties, required = [] } = payload as unknown as {
      properties: object
      required?: string[]
    }
    const rows = Object.entries(properties).map(([name, schema]) => [
      code(name),
      typeText(schema as never),
      (required as string[]).includes(name) ? 'always' : 'sometimes',
      (schema as { description?: string }).description ?? '',
    ])
    const members = table(['member', 'what it is', 'there', ''], rows)
    const facts = `Version ${event.version}, of ${module}; in order for each ${code(String(entity))}.`
    return `## ${event.type}\n\n${description}\n\n${facts}\n\n${members}`
  })
  return page(
    'Events',
    'What the outbox holds and webhooks tell. The JSON Schemas are in `events.json`.',
    parts,
  )
}

/** The payloads as JSON Schema, by name and version. */
export const eventSchemas = (modules: readonly Module[]): Record<string, object> =>
  Object.fromEntries(
    eventsOf(modules).map(({ event }) => {
      const { description, payload } = event.spec
      return [`${event.type}@${event.version}`, { description, ...payload }]
    }),
  )
