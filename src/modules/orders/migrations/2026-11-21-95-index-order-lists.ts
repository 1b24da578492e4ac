import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

// Both columns stand in the indexes too, so that a list is counted in the index alone.
const KINDS = {
  '': sql`archived_at is null and deleted_at is null`,
  archived_: sql`archived_at is not null and deleted_at is null`,
} as const
const LISTED_COLUMNS = ['archived_at', 'deleted_at']

/**
 * Lists go by the ids, which rise in the order in which orders are made: every index by which
 * orders are found has them behind what it is asked for, so that filters meet on them, and none is
 * wider than it must be. Archived orders have indexes of their own, written when they are put away.
 */
export const indexOrderLists: Migration = {
  async up(db) {
    for (const name of [
      'orders_by_creation',
      'orders_by_status',
      'orders_by_customer',
      'orders_with_notes',
    ]) {
      await db.schema.dropIndex(name).execute()
    }
    for (const [kind, where] of Object.entries(KINDS)) {
      const index = (name: string, columns: readonly string[], also = where) =>
        db.schema
          .createIndex(`${kind}${name}`)
          .on('orders')
          .columns([...columns, ...LISTED_COLUMNS] as never)
          .where(also as never)
          .execute()
      await index('orders_in_order', ['id'])
      await index('orders_by_state', ['status', 'payment_status', 'fulfillment_status', 'id'])
      await index(
        'orders_with_returns',
        ['return_status', 'id'],
        sql`return_status <> 'none' and ${where}`,
      )
      await index('orders_with_notes', ['id'], sql`notes is not null and ${where}`)
    }
    for (const [name, columns] of Object.entries({
      archived_orders_by_date: ['placed_at', 'id'],
      archived_orders_by_total: ['total_amount', 'id'],
    })) {
      await db.schema
        .createIndex(name)
        .on('orders')
        .columns([...columns, ...LISTED_COLUMNS])
        .where(KINDS.archived_ as never)
        .execute()
    }
    await db.schema
      .createIndex('orders_by_customer')
      .on('orders')
      .columns(['customer_id', 'id', ...LISTED_COLUMNS])
      .execute()
    // Who bought it: what was asked for by SKU or product.
    await db.schema
      .createIndex('order_lines_by_variant')
      .on('order_lines')
      .columns(['variant_id', 'order_id'])
      .execute()
  },
}
