import { moneyErrors } from '#kit/money'
import { pageErrors } from '#kit/pages'
import { adminErrors } from '#platform/admin/errors'
import { adminOperations } from '#platform/admin/operations'
import { databaseErrors } from '#platform/database/database'
import { erasureErrors } from '#platform/erasure'
import { db as cursors } from '#platform/event-log/cursor'
import { db as events } from '#platform/events'
import { idempotencyErrors, db as keys } from '#platform/idempotency'
import { jobLifecycle, db as jobs } from '#platform/jobs'
import { createPlatform } from '#platform/migrations/2026-11-21-01-create-platform'
import { orderEvents } from '#platform/migrations/2026-11-22-05-order-events'
import { findUndeliveredEvents } from '#platform/migrations/2026-11-22-97-find-undelivered-events'
import type { Module } from '#platform/module'
import { requestErrors } from '#platform/operations'
import { outboxLifecycle } from '#platform/outbox-lifecycle'
import { platformInvariants } from '#platform/platform-invariants'
import { purges } from '#platform/purges'

/** The machinery's own tables, migrated like any module's. */
export const platform: Module = {
  name: 'platform',
  tables: { ...events.tables, ...cursors.tables, ...keys.tables, ...jobs.tables },
  migrations: {
    '2026-11-21-01-create-platform': createPlatform,
    '2026-11-22-05-order-events': orderEvents,
    '2026-11-22-97-find-undelivered-events': findUndeliveredEvents,
  },
  operations: adminOperations,
  errors: [
    requestErrors,
    idempotencyErrors,
    erasureErrors,
    databaseErrors,
    moneyErrors,
    pageErrors,
    adminErrors,
  ],
  schedules: purges,
  invariants: platformInvariants,
  lifecycles: [outboxLifecycle, jobLifecycle],
}
