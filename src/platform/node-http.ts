import type * as Http from 'node:http'

/**
 * `node:http` without its client of `fetch`: an `import` asks every name that the module exports,
 * and one of them loads undici, 80 files that a server which calls nobody never needs.
 */
export const http: typeof Http = process.getBuiltinModule('node:http')
