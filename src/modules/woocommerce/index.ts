import type { Job } from '#platform/jobs'
import type { Module } from '#platform/module'
import { wooErrors } from './errors.ts'
import { wooEvents } from './events.ts'
import { wooInvariants } from './invariants.ts'
import { syncLifecycle } from './lifecycle.ts'
import { createWoocommerce } from './migrations/2026-11-22-20-create-woocommerce.ts'
import { syncWooCategories } from './migrations/2026-11-22-81-sync-woo-categories.ts'
import { operations } from './operations.ts'
import { syncJob } from './perform.ts'
import { wooPull } from './pull.ts'
import { wooPurge } from './purge.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'
import { wooWebhookDoor } from './webhook/door.ts'

// What others may use.
export { wooErrors } from './errors.ts'
export { wooEvents } from './events.ts'
export { runSync } from './perform.ts'
export { pullChanges } from './pull.ts'
// What the adapter needs.
export {
  isWooConfigured,
  namesWooShop,
  type WooCall,
  WooFault,
  WooRefusal,
  type WooStore,
  wooStore,
} from './store.ts'
export { signatureOf as wooSignatureOf } from './webhook/signature.ts'

// What this module adds to the house.
export const woocommerce: Module = {
  name: 'woocommerce',
  tables: db.tables,
  migrations: {
    '2026-11-22-20-create-woocommerce': createWoocommerce,
    '2026-11-22-81-sync-woo-categories': syncWooCategories,
  },
  lifecycles: [syncLifecycle],
  errors: [wooErrors],
  events: [wooEvents],
  invariants: wooInvariants,
  reactions,
  jobs: [syncJob as Job],
  schedules: [wooPull, wooPurge],
  operations,
  plugins: [wooWebhookDoor],
}
