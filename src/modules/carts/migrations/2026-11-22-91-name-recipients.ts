import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Gift cards may be for somebody else, and those for different people stand on lines apart. */
export const nameRecipientsInCarts: Migration = {
  async up(db, c) {
    for (const column of ['recipient_email', 'recipient_name', 'recipient_message']) {
      await db.schema.alterTable('cart_lines').addColumn(column, c.text).execute()
    }
    await db.schema.dropIndex('cart_lines_one_per_variant').execute()
    await db.schema
      .createIndex('cart_lines_one_per_variant_and_recipient')
      .on('cart_lines')
      .expression(sql`cart_id, variant_id, (coalesce(recipient_email, ''))`)
      .unique()
      .execute()
    await db.schema
      .createIndex('cart_lines_by_recipient')
      .on('cart_lines')
      .column('recipient_email')
      .where(sql`recipient_email is not null` as never)
      .execute()
  },
}
