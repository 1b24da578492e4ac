import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Whoever accepted marketing before consents were recorded has done so since they are known. */
export const recordConsents: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('customer_consents')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('number', c.integer, (col) => col.notNull())
      .addColumn('purpose', c.status, (col) => col.notNull())
      .addColumn('granted', c.boolean, (col) => col.notNull())
      .addColumn('source', c.text, (col) => col.notNull())
      .addColumn('ip', c.text)
      .addColumn('text_version', c.text)
      .addColumn('recorded_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'customer_consent_purpose',
        sql`purpose in ('marketing_email', 'marketing_sms', 'analytics', 'personalisation', 'terms', 'privacy_policy')`,
      )
      .addUniqueConstraint('customer_consents_numbered', ['customer_id', 'number'])
      .execute()
    // The id of the customer is as unique among consents as any other.
    await sql`insert into customer_consents
        (id, customer_id, number, purpose, granted, source, ip, text_version, recorded_at)
      select id, id, 1, 'marketing_email', true, 'before', null, null, created_at
      from customers where accepts_marketing`.execute(db)
  },
}
