import type { Migration } from '#platform/database/migrations'
import { createCustomers } from './migrations/2026-11-21-03-create-customers.ts'
import { findCustomers } from './migrations/2026-11-21-31-find-customers.ts'
import { createCustomerGroups } from './migrations/2026-11-21-32-create-customer-groups.ts'
import { createWishlists } from './migrations/2026-11-21-33-create-wishlists.ts'
import { recordConsents } from './migrations/2026-11-21-34-record-consents.ts'
import { keepNotesAndErase } from './migrations/2026-11-21-35-keep-notes-and-erase.ts'

export const migrations: Record<string, Migration> = {
  '2026-11-21-03-create-customers': createCustomers,
  '2026-11-21-31-find-customers': findCustomers,
  '2026-11-21-32-create-customer-groups': createCustomerGroups,
  '2026-11-21-33-create-wishlists': createWishlists,
  '2026-11-21-34-record-consents': recordConsents,
  '2026-11-21-35-keep-notes-and-erase': keepNotesAndErase,
}
