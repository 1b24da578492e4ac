import { sql } from 'kysely'
import { changeCheck } from '#platform/database/change-check'
import type { Migration } from '#platform/database/migrations'

/** Two payment methods more. */
export const payWithCredit: Migration = {
  async up(db) {
    await changeCheck(db, {
      table: 'payments',
      constraint: 'payment_method',
      condition: sql`method in ('credit_card', 'debit_card', 'paypal', 'bank_transfer', 'cash',
        'check', 'gift_card', 'store_credit')`,
    })
  },
}
