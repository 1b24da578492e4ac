import type { Module } from '#platform/module'
import { catalogueErrors } from './errors.ts'
import { productEvents, variantEvents } from './events.ts'
import { catalogueInvariants } from './invariants.ts'
import { productLifecycle } from './lifecycle.ts'
import { createCatalogue } from './migrations/2026-11-21-05-create-catalogue.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

// What other modules may use.
export { catalogueErrors } from './errors.ts'
export { productEvents, variantEvents } from './events.ts'
export { type Sellable, sellableVariants } from './sellable.ts'

// What this module adds to the house.
export const catalogue: Module = {
  name: 'catalogue',
  tables: db.tables,
  migrations: { '2026-11-21-05-create-catalogue': createCatalogue },
  lifecycles: [productLifecycle],
  errors: [catalogueErrors],
  events: [productEvents, variantEvents],
  invariants: catalogueInvariants,
  reactions,
  operations,
}
