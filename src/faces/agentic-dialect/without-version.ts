import type { IncomingHttpHeaders } from 'node:http'

/**
 * Tells requests that name no API-Version apart, so that one path can speak both. The server is
 * given it before its first route: a strategy that comes later rebuilds all that are there.
 */
export const withoutVersion = {
  name: 'dialect',
  storage: () => {
    let found: unknown
    return {
      get: () => found as null,
      set: (_: unknown, handler: unknown) => {
        found = handler
      },
    }
  },
  // Undefined is no dialect, as the router understands it; its types know only strings.
  deriveConstraint: ({ headers }: { headers: IncomingHttpHeaders }) =>
    (headers['api-version'] === undefined ? 'structured' : undefined) as string,
  mustMatchWhenDerived: false,
}
