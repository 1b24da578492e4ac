import type { Module } from '#platform/module'
import { agentErrors } from './errors.ts'
import { agentEvents } from './events.ts'
import { agentInvariants } from './invariants.ts'
import { createAgents } from './migrations/2026-11-22-35-create-agents.ts'
import { createSessionSpendings } from './migrations/2026-11-22-76-create-session-spendings.ts'
import { operations } from './operations.ts'
import { demandAges } from './recommendations/age-demand.ts'
import { demand } from './recommendations/count-orders.ts'
import { db } from './tables.ts'

// What others may use.
export { agentErrors } from './errors.ts'
export {
  giveBackSpending,
  type SessionSpending,
  spendInSession,
} from './spending/session-spending.ts'

// What this module adds to the house.
export const agents: Module = {
  name: 'agents',
  tables: db.tables,
  migrations: {
    '2026-11-22-35-create-agents': createAgents,
    '2026-11-22-76-create-session-spendings': createSessionSpendings,
  },
  errors: [agentErrors],
  events: [agentEvents],
  invariants: agentInvariants,
  jobs: [demand.job],
  workers: [demand.worker],
  schedules: [demandAges],
  operations,
}
