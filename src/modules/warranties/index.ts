import type { Module } from '#platform/module'
import { warrantyTime } from './coverage/ends.ts'
import { warrantyErrors } from './errors.ts'
import { warrantyClaimEvents, warrantyEvents, warrantyPlanEvents } from './events.ts'
import { warrantyInvariants } from './invariants.ts'
import { warrantyClaimLifecycle, warrantyLifecycle } from './lifecycle.ts'
import { createWarranties } from './migrations/2026-11-21-90-create-warranties.ts'
import { findRemedies } from './migrations/2026-11-22-58-find-remedies.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

// What others may use.
export { remediedBy } from './claims/remedied-by.ts'
export { tiesOfRemedies } from './claims/ties.ts'
export { followTime } from './coverage/ends.ts'
export { warrantyErrors } from './errors.ts'
export { warrantyClaimEvents, warrantyEvents, warrantyPlanEvents } from './events.ts'
export { personalDataOfWarranties } from './personal-data.ts'

// What this module adds to the house.
export const warranties: Module = {
  name: 'warranties',
  tables: db.tables,
  migrations: {
    '2026-11-21-90-create-warranties': createWarranties,
    '2026-11-22-58-find-remedies': findRemedies,
  },
  lifecycles: [warrantyLifecycle, warrantyClaimLifecycle],
  errors: [warrantyErrors],
  events: [warrantyEvents, warrantyClaimEvents, warrantyPlanEvents],
  invariants: warrantyInvariants,
  reactions,
  schedules: [warrantyTime],
  operations,
}
