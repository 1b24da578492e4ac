import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from '../tables.ts'

/** The holds of these fulfilment orders that are not released, the oldest first. */
export const openHolds = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('fulfilment_holds')
    .selectAll()
    .where('fulfilment_order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where('released_at', 'is', null)
    .orderBy('id'),
)
