import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Whoever erases a person erases what was told of the pages on which they paid. */
export const findHostedWebhooks: Migration = {
  async up(db, c) {
    await db.schema.alterTable('payment_webhooks').addColumn('hosted_ref', c.text).execute()
    await db.schema
      .createIndex('payment_webhooks_by_hosted_ref')
      .on('payment_webhooks')
      .column('hosted_ref')
      .where(sql.ref('hosted_ref'), 'is not', null)
      .execute()
  },
}
