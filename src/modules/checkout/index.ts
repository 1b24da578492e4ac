import type { Module } from '#platform/module'
import { creditOperations } from './credits/operations.ts'
import { checkoutErrors } from './errors.ts'
import { checkoutEvents } from './events.ts'
import { hostedInvariants } from './hosted/invariants.ts'
import { hostedLifecycle } from './hosted/lifecycle.ts'
import { hostedOperations } from './hosted/operations.ts'
import { hostedReactions } from './hosted/reactions.ts'
import { hostedJobs, hostedSweep } from './hosted/sweep.ts'
import { db as hosted } from './hosted/tables.ts'
import { checkoutInvariants } from './invariants.ts'
import { checkoutLifecycle } from './lifecycle.ts'
import { createCheckout } from './migrations/2026-11-21-45-create-checkout.ts'
import { createHostedCheckouts } from './migrations/2026-11-22-16-create-hosted-checkouts.ts'
import { applyCredit } from './migrations/2026-11-22-50-apply-credit.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'

// What others may use beside the operations.
export { asOwner, processAsOwner } from './as-owner.ts'
export { customerOf } from './buyer.ts'
export { checkoutErrors } from './errors.ts'
export { checkoutEvents } from './events.ts'
export * from './hosted/for-storefronts.ts'
export { personalDataOfCheckouts } from './personal-data.ts'
export { endDueCheckouts } from './schedules.ts'

// What this module adds to the house.
export const checkout: Module = {
  name: 'checkout',
  tables: { ...db.tables, ...hosted.tables },
  migrations: {
    '2026-11-21-45-create-checkout': createCheckout,
    '2026-11-22-16-create-hosted-checkouts': createHostedCheckouts,
    '2026-11-22-50-apply-credit': applyCredit,
  },
  lifecycles: [checkoutLifecycle, hostedLifecycle],
  errors: [checkoutErrors],
  events: [checkoutEvents],
  invariants: [...checkoutInvariants, ...hostedInvariants],
  reactions: [...reactions, ...hostedReactions],
  jobs: hostedJobs,
  schedules: [...schedules, hostedSweep],
  operations: [...operations, ...creditOperations, ...hostedOperations],
}
