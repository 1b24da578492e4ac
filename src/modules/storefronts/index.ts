import type { Module } from '#platform/module'
import { ecommerceErrors } from './ecommerce/errors.ts'
import { storefrontErrors } from './errors.ts'
import { storefrontInvariants } from './invariants.ts'
import { createExternalIds } from './migrations/2026-11-22-10-create-external-ids.ts'
import { createPaymentIntents } from './migrations/2026-11-22-11-create-payment-intents.ts'
import { operations } from './operations.ts'
import { db } from './tables.ts'

// What others may use.
export { ecommerceErrors } from './ecommerce/errors.ts'
export { ecommerceOperations } from './ecommerce/operations.ts'
export { storefrontErrors } from './errors.ts'
export {
  entitiesOf,
  entityOf,
  linkExternal,
  publicIdOf,
  publicIdsOf,
  unlinkExternal,
} from './external-ids/external-ids.ts'

// What this module adds to the house.
export const storefronts: Module = {
  name: 'storefronts',
  tables: db.tables,
  migrations: {
    '2026-11-22-10-create-external-ids': createExternalIds,
    '2026-11-22-11-create-payment-intents': createPaymentIntents,
  },
  errors: [storefrontErrors, ecommerceErrors],
  invariants: storefrontInvariants,
  operations,
}
