import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Gift cards may be mailed to people who are not the customer of the order. */
export const findMailedRecipients: Migration = {
  async up(db) {
    await db.schema
      .createIndex('mails_by_recipient')
      .on('mails')
      .column('to_email')
      .where(sql`kind = 'gift_card'` as never)
      .execute()
  },
}
