import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Whoever asks what is kept about them, or wants it forgotten, may have been sent gift cards. */
export const findRecipients: Migration = {
  async up(db) {
    await db.schema
      .createIndex('gift_cards_by_recipient')
      .on('gift_cards')
      .column('recipient_email')
      .where(sql`recipient_email is not null` as never)
      .execute()
  },
}
