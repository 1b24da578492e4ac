import type { LoggedEvent } from '#platform/event-log/read'
import type { Filters } from './tables.ts'

/** What an event is called, or patterns: `order.created`, `order.*`, `*`. */
export const PATTERN = '^(\\*|[a-z][a-z0-9_]*\\.(\\*|[a-z][a-z0-9_]*))$'

/** A test whether an event of this name is among the patterns. */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.includes('*')) return () => true
  const exact = new Set(patterns)
  return (name) => exact.has(name) || exact.has(`${name.slice(0, name.indexOf('.'))}.*`)
}

/** A test whether an endpoint wants an event: its name, and what its payload says. */
export function eventMatcher({ events, filters }: { events: readonly string[]; filters: Filters }) {
  const named = nameMatcher(events)
  const wanted = Object.entries(filters)
  return ({ name, payload }: Pick<LoggedEvent, 'name' | 'payload'>): boolean =>
    named(name) && wanted.every(([member, values]) => values.includes(payload[member] as never))
}
