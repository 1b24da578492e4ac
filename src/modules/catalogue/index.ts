import type { Job } from '#platform/jobs'
import type { Module } from '#platform/module'
import { rememberedAttributes } from './attributes/known.ts'
import { rememberedTree } from './categories/tree.ts'
import { catalogueErrors } from './errors.ts'
import { attributeEvents, categoryEvents, productEvents, variantEvents } from './events.ts'
import {
  importDoor,
  importErrors,
  importEvents,
  importJob,
  importLifecycle,
  importSchedules,
} from './import/index.ts'
import { catalogueInvariants } from './invariants.ts'
import { productLifecycle } from './lifecycle.ts'
import { migrations } from './migrations.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

// What other modules may use.
export { categoriesOf } from './categories/members.ts'
export { catalogueErrors } from './errors.ts'
export { categoryEvents, productEvents, variantEvents } from './events.ts'
export {
  findImport,
  importErrors,
  importErrorsAfter,
  importOf,
  importOfFile,
  reopenImport,
  runImport,
  stageImport,
} from './import/index.ts'
export { knownVariants } from './known-variants.ts'
export { type Prices, type UnitPrice, unitPriceOf } from './offers.ts'
export { type Sellable, sellableVariants } from './sellable.ts'
export { type StockedProduct, stockCheck } from './stock-check.ts'

// What this module adds to the house.
export const catalogue: Module = {
  name: 'catalogue',
  tables: db.tables,
  migrations,
  lifecycles: [productLifecycle, importLifecycle],
  errors: [catalogueErrors, importErrors],
  events: [productEvents, variantEvents, categoryEvents, attributeEvents, importEvents],
  invariants: catalogueInvariants,
  reactions,
  jobs: [importJob as Job],
  remembers: [rememberedAttributes, rememberedTree],
  schedules: importSchedules,
  plugins: [importDoor],
  operations,
}
