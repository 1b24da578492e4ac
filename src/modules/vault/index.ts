import type { Module } from '#platform/module'
import { vaultErrors } from './errors.ts'
import { vaultEvents } from './events.ts'
import { vaultInvariants } from './invariants.ts'
import { createVault } from './migrations/2026-11-22-30-create-vault.ts'
import { operations } from './operations.ts'
import { cardErasure } from './schedules.ts'
import { db } from './tables.ts'

// What others may use.
export { cardOf, type OpenCard } from './card-of.ts'
export { giveBackToken, type Redeem, redeemToken } from './commands/redeem-token.ts'
export { vaultErrors } from './errors.ts'
export { eraseCards } from './schedules.ts'
export type { Card } from './schemas.ts'
export { isVaultToken } from './token.ts'

// What this module adds to the house.
export const vault: Module = {
  name: 'vault',
  tables: db.tables,
  migrations: { '2026-11-22-30-create-vault': createVault },
  errors: [vaultErrors],
  events: [vaultEvents],
  invariants: vaultInvariants,
  schedules: [cardErasure],
  operations,
}
