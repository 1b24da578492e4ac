import type { Module } from '#platform/module'
import { valuationErrors } from './errors.ts'
import { valuationEvents } from './events.ts'
import { valuationInvariants } from './invariants.ts'
import { createValuation } from './migrations/2026-11-22-40-create-valuation.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

/** The names of all tables of values, for whoever fills them by the thousand. */
export const VALUE_TABLES: readonly string[] = Object.keys(db.tables)

// What this module adds to the house.
export const valuation: Module = {
  name: 'valuation',
  tables: db.tables,
  migrations: { '2026-11-22-40-create-valuation': createValuation },
  errors: [valuationErrors],
  events: [valuationEvents],
  invariants: valuationInvariants,
  reactions,
  operations,
}
