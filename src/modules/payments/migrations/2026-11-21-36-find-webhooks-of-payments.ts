import type { Migration } from '#platform/database/migrations'

/** Whoever erases a person erases what the provider sent about their payments. */
export const findWebhooksOfPayments: Migration = {
  async up(db) {
    await db.schema
      .createIndex('payment_webhooks_by_payment')
      .on('payment_webhooks')
      .column('payment_id')
      .execute()
  },
}
