import type { Module } from '#platform/module'
import { db as carts } from './carts/tables.ts'
import { agenticErrors } from './errors.ts'
import { agenticEvents } from './events.ts'
import { agenticInvariants } from './invariants.ts'
import { agentSessionLifecycle } from './lifecycle.ts'
import { createAgentSessions } from './migrations/2026-11-22-25-create-agent-sessions.ts'
import { createAgentCarts } from './migrations/2026-11-22-26-create-agent-carts.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'

// What others may use beside the operations.
export type { AgentCart } from './carts/schemas.ts'
export { createSession } from './commands/create-session.ts'
export { agenticErrors } from './errors.ts'
export { agenticEvents } from './events.ts'
export type { SessionStatus } from './lifecycle.ts'
export type { Applied, Option, SessionLine, SessionMessage, Totals } from './parts.ts'
export { personalDataOfAgentSessions } from './personal-data.ts'
export { sessionOfOrder } from './queries.ts'
export { endDueSessions } from './schedules.ts'
export * from './schemas.ts'

// What this module adds to the house.
export const agentic: Module = {
  name: 'agentic',
  tables: { ...db.tables, ...carts.tables },
  migrations: {
    '2026-11-22-25-create-agent-sessions': createAgentSessions,
    '2026-11-22-26-create-agent-carts': createAgentCarts,
  },
  lifecycles: [agentSessionLifecycle],
  errors: [agenticErrors],
  events: [agenticEvents],
  invariants: agenticInvariants,
  reactions,
  schedules,
  operations,
}
