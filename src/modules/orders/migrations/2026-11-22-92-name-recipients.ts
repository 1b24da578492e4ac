import type { Migration } from '#platform/database/migrations'

/** Who is mailed the codes of gift cards that somebody else has bought, line by line. */
export const nameRecipients: Migration = {
  async up(db, c) {
    // No foreign key: lines that become part of another order are named before they are there.
    await db.schema
      .createTable('order_line_recipients')
      .addColumn('order_line_id', c.id, (col) => col.notNull())
      .addColumn('recipient_email', c.text, (col) => col.notNull())
      .addColumn('recipient_name', c.text)
      .addColumn('recipient_message', c.text)
      .addPrimaryKeyConstraint('order_line_recipients_one_a_line', ['order_line_id'])
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createIndex('order_line_recipients_by_email')
      .on('order_line_recipients')
      .column('recipient_email')
      .execute()
  },
}
