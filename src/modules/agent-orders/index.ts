import type { Module } from '#platform/module'
import { agentOrderInvariants } from './invariants.ts'
import { createAgentOrders } from './migrations/2026-11-22-32-create-agent-orders.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

// What this module adds to the house.
export const agentOrders: Module = {
  name: 'agent_orders',
  tables: db.tables,
  migrations: { '2026-11-22-32-create-agent-orders': createAgentOrders },
  invariants: agentOrderInvariants,
  reactions,
  operations: [],
}
