import { Type } from 'typebox'

/** `area:action`, `area:*` for all of an area, or `*` for everything. */
export const PERMISSION_PATTERN = '^(\\*|[a-z][a-z0-9-]{0,39}:(\\*|[a-z][a-z0-9_-]{0,39}))$'

/** A permission as a role or an API key holds it. */
export const PermissionSchema = Type.String({
  pattern: PERMISSION_PATTERN,
  maxLength: 81,
  description: '`area:action`, `area:*` or `*`.',
  examples: ['orders:read'],
})

/** A list of permissions as a request names it. */
export const PermissionList = Type.Array(PermissionSchema, { maxItems: 200, uniqueItems: true })

/** Whether a permission is held. A wildcard may be asked for too: only a wildcard covers it. */
export type Grants = (wanted: string) => boolean

/** Reads a list of held permissions once, so that each later question is a set look-up. */
export function grantsOf(held: Iterable<string>): Grants {
  const exact = new Set(held)
  if (exact.has('*')) return () => true
  return (wanted) => {
    if (exact.has(wanted)) return true
    const colon = wanted.indexOf(':')
    return colon > 0 && exact.has(`${wanted.slice(0, colon)}:*`)
  }
}

/** What both allow: an API key never does more than its owner may at this moment. */
export const bothGrant =
  (one: Grants, other: Grants): Grants =>
  (wanted) =>
    one(wanted) && other(wanted)
