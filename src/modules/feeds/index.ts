import type { Module } from '#platform/module'
import { feedErrors } from './errors.ts'
import { feedInvariants } from './invariants.ts'
import { createFeeds } from './migrations/2026-11-22-31-create-feeds.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'

// What others may use.
export type { FeedItem, FeedProduct } from './schemas.ts'
export { FeedRefused, type FeedSender, feedSender } from './sender.ts'

// What this module adds to the house.
export const feeds: Module = {
  name: 'feeds',
  tables: db.tables,
  migrations: { '2026-11-22-31-create-feeds': createFeeds },
  errors: [feedErrors],
  invariants: feedInvariants,
  reactions,
  schedules,
  operations,
}
