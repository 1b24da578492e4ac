import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createFeeds: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('feed_products')
      .addColumn('product_id', c.id, (col) => col.notNull().primaryKey().references('products.id'))
      .addColumn('due_at', c.instant)
      .addColumn('attempts', c.integer, (col) => col.notNull())
      .addColumn('error', c.text)
      .addColumn('feed_url', c.text)
      .addColumn('sent_hash', c.text)
      .addColumn('sent', c.json)
      .addColumn('sent_at', c.instant)
      .addCheckConstraint('feed_tries', sql`attempts >= 0`)
      .addCheckConstraint(
        'feed_knows_what_it_has',
        sql`sent_hash is null or (sent is not null and feed_url is not null and sent_at is not null)`,
      )
      .execute()
    await db.schema
      .createIndex('feed_products_that_are_due')
      .on('feed_products')
      .columns(['due_at', 'product_id'])
      .where(sql`due_at is not null` as never)
      .execute()
  },
}
