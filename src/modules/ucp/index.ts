import type { Module } from '#platform/module'
import { ucpErrors } from './errors.ts'
import { linkReactions, pruneLinks } from './links/ending.ts'
import { linkOperations } from './links/operations.ts'
import { createUcp } from './migrations/2026-11-22-36-create-ucp.ts'
import { createUcpLinks } from './migrations/2026-11-22-80-create-ucp-links.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

// What faces may use beside the operations.
export { ucpErrors } from './errors.ts'
export { publicKeysOf, signingKeyOf } from './keys.ts'
export { actorOfLink, linkedActor } from './links/actor.ts'
export { LINK_SCOPES, type LinkScope } from './links/schemas.ts'
export type { Total, UcpOrder } from './schemas.ts'

// What this module adds to the house.
export const ucp: Module = {
  name: 'ucp',
  tables: db.tables,
  migrations: {
    '2026-11-22-36-create-ucp': createUcp,
    '2026-11-22-80-create-ucp-links': createUcpLinks,
  },
  errors: [ucpErrors],
  reactions: [...reactions, ...linkReactions],
  schedules: [pruneLinks],
  operations: [...operations, ...linkOperations],
}
