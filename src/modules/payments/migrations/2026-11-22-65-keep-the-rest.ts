import type { Migration } from '#platform/database/migrations'

/** Whether what a capture does not take must stay held, so that a retry asks for the same. */
export const keepTheRest: Migration = {
  async up(db, c) {
    await db.schema.alterTable('payment_requests').addColumn('keep_rest', c.boolean).execute()
  },
}
