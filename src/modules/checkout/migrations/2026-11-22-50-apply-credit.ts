import type { Migration } from '#platform/database/migrations'

/** Gift cards and store credit that a buyer wants to pay a checkout with, as they were shown. */
export const applyCredit: Migration = {
  async up(db, c) {
    await db.schema
      .alterTable('checkout_sessions')
      .addColumn('credits', c.json, (col) => col.notNull().defaultTo('[]'))
      .execute()
  },
}
