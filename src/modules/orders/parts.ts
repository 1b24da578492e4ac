import type { Job } from '#platform/jobs'
import type { Module } from '#platform/module'
import { bulkErrors } from './bulk/errors.ts'
import { bulkEvents } from './bulk/events.ts'
import { bulkInvariants } from './bulk/invariants.ts'
import { bulkJob } from './bulk/job.ts'
import { bulkLifecycle } from './bulk/lifecycle.ts'
import { db as bulk } from './bulk/tables.ts'
import { changeInvariants } from './changes/invariants.ts'
import { orderChangeLifecycle } from './changes/lifecycle.ts'
import { db as changes } from './changes/tables.ts'
import { deskErrors } from './desk/errors.ts'
import { deskInvariants } from './desk/invariants.ts'
import { deskReactions } from './desk/reactions.ts'
import { db as desk } from './desk/tables.ts'
import { orderErrors } from './errors.ts'
import { orderEvents } from './events.ts'
import { giftCardInvariants } from './gift-cards/invariants.ts'
import { db as giftCards } from './gift-cards/tables.ts'
import { orderInvariants } from './invariants.ts'
import { orderLifecycle } from './lifecycle.ts'
import { migrations } from './migrations.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { refundInvariants } from './refunds/invariants.ts'
import { db as refunds } from './refunds/tables.ts'
import { countOrders } from './statistics/count-orders.ts'
import { statisticsInvariants } from './statistics/invariants.ts'
import { db as figures } from './statistics/tables.ts'
import { db } from './tables.ts'
import { unitInvariants } from './units/invariants.ts'

/** What the folders of this module add to the house, put together. */
export const parts = {
  tables: {
    ...db.tables,
    ...desk.tables,
    ...bulk.tables,
    ...changes.tables,
    ...refunds.tables,
    ...figures.tables,
    ...giftCards.tables,
  },
  migrations,
  lifecycles: [orderLifecycle, orderChangeLifecycle, bulkLifecycle],
  errors: [orderErrors, deskErrors, bulkErrors],
  events: [orderEvents, bulkEvents],
  reactions: [...reactions, ...deskReactions],
  invariants: [
    ...orderInvariants,
    ...deskInvariants,
    ...bulkInvariants,
    ...unitInvariants,
    ...changeInvariants,
    ...refundInvariants,
    ...statisticsInvariants,
    ...giftCardInvariants,
  ],
  jobs: [bulkJob as Job],
  schedules: [countOrders],
  operations,
} satisfies Omit<Module, 'name'>
