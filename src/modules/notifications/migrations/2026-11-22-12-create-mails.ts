import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createMails: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('mails')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('kind', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('about', c.text, (col) => col.notNull())
      .addColumn('customer_id', c.id, (col) => col.references('customers.id'))
      .addColumn('order_id', c.id, (col) => col.references('orders.id'))
      .addColumn('to_email', c.text, (col) => col.notNull())
      .addColumn('to_name', c.text)
      .addColumn('subject', c.text, (col) => col.notNull())
      .addColumn('text', c.text, (col) => col.notNull())
      .addColumn('html', c.text, (col) => col.notNull())
      .addColumn('attempts', c.integer, (col) => col.notNull())
      .addColumn('error', c.text)
      .addColumn('sent_at', c.instant)
      .addColumn('read_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addUniqueConstraint('mails_one_about_each', ['about'])
      .addCheckConstraint('mail_status', sql`status in ('waiting', 'kept', 'sent', 'failed')`)
      .addCheckConstraint(
        'mail_kind',
        sql`kind in ('order_confirmed', 'payment_failed', 'payment_refunded', 'order_shipped',
          'checkout_payment_failed')`,
      )
      .addCheckConstraint('mail_is_sent_at', sql`status <> 'sent' or sent_at is not null`)
      .addCheckConstraint('mail_attempts', sql`attempts >= 0`)
      .execute()
    const index = (name: string, columns: string[]) =>
      db.schema.createIndex(name).on('mails').columns(columns).execute()
    await index('mails_by_status', ['status', 'id'])
    await index('mails_by_customer', ['customer_id', 'id'])
    await index('mails_by_order', ['order_id', 'id'])
    await index('mails_to_purge', ['created_at'])
  },
}
