import type { Module } from '#platform/module'
import { draftErrors } from './errors.ts'
import { draftEvents } from './events.ts'
import { draftInvariants } from './invariants.ts'
import { draftLifecycle } from './lifecycle.ts'
import { createDrafts } from './migrations/2026-11-21-73-create-drafts.ts'
import { nameRecipientsInDrafts } from './migrations/2026-11-22-93-name-recipients.ts'
import { operations } from './operations.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'

// What other modules may use.
export { draftEvents } from './events.ts'
export { personalDataOfDrafts } from './personal-data.ts'

// What this module adds to the house.
export const drafts: Module = {
  name: 'drafts',
  tables: db.tables,
  migrations: {
    '2026-11-21-73-create-drafts': createDrafts,
    '2026-11-22-93-name-recipients': nameRecipientsInDrafts,
  },
  lifecycles: [draftLifecycle],
  errors: [draftErrors],
  events: [draftEvents],
  invariants: draftInvariants,
  schedules,
  operations,
}
