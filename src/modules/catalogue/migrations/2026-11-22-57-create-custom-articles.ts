import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** What is sold once and stands in no catalogue. */
export const createCustomArticles: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('custom_articles')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('title', c.text, (col) => col.notNull())
      .addColumn('tax_class', c.text, (col) => col.notNull())
      .addColumn('requires_shipping', c.boolean, (col) => col.notNull())
      .addColumn('weight_grams', c.integer)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('custom_article_weight', sql`weight_grams >= 0`)
      .execute()
  },
}
