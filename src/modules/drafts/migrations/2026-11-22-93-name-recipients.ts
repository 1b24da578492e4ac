import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Gift cards of a draft may be for somebody else than its customer. */
export const nameRecipientsInDrafts: Migration = {
  async up(db, c) {
    for (const column of ['recipient_email', 'recipient_name', 'recipient_message']) {
      await db.schema.alterTable('draft_lines').addColumn(column, c.text).execute()
    }
    await db.schema
      .createIndex('draft_lines_by_recipient')
      .on('draft_lines')
      .column('recipient_email')
      .where(sql`recipient_email is not null` as never)
      .execute()
  },
}
