import { sql } from 'kysely'
import { changeCheck } from '#platform/database/change-check'
import type { Migration } from '#platform/database/migrations'

/** One kind of mail more, and what such a mail tells that only its reader may know. */
export const mailGiftCards: Migration = {
  async up(db, c) {
    await db.schema.alterTable('mails').addColumn('secret', c.text).execute()
    await changeCheck(db, {
      table: 'mails',
      constraint: 'mail_kind',
      condition: sql`kind in ('order_confirmed', 'payment_failed', 'payment_refunded',
        'order_shipped', 'checkout_payment_failed', 'gift_card')`,
    })
  },
}
