import { sql } from 'kysely'
import { changeCheck } from '#platform/database/change-check'
import type { Migration } from '#platform/database/migrations'

/** Categories are brought into step too. */
export const syncWooCategories: Migration = {
  async up(db) {
    await changeCheck(db, {
      table: 'woo_refs',
      constraint: 'woo_ref_kind',
      condition: sql`kind in ('product', 'variant', 'category', 'order')`,
    })
    await changeCheck(db, {
      table: 'woo_syncs',
      constraint: 'woo_sync_kind',
      condition: sql`kind in ('product', 'stock', 'order', 'order_status', 'category',
        'pull_product', 'pull_category', 'pull_order')`,
    })
  },
}
