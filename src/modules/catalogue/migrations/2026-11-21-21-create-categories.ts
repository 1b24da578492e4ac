import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const createCategories: Migration = {
  async up(db, c) {
    await createNumbers(db, c, 'categories')
    await db.schema
      .createTable('categories')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('slug', c.text, (col) => col.notNull().unique())
      .addColumn('description', c.text)
      .addColumn('image_url', c.text)
      .addColumn('parent_id', c.id, (col) => col.references('categories.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('archived_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('category_is_not_its_own_parent', sql`parent_id <> id`)
      .execute()
    await db.schema
      .createIndex('categories_by_parent')
      .on('categories')
      .columns(['parent_id', 'position', 'id'])
      .execute()

    // Where staff put a product, and from that where it is shown: there and in all above.
    for (const table of ['product_categories', 'category_products']) {
      await db.schema
        .createTable(table)
        .addColumn('category_id', c.id, (col) => col.notNull().references('categories.id'))
        .addColumn('product_id', c.id, (col) => col.notNull().references('products.id'))
        .addPrimaryKeyConstraint(`${table}_pkey`, ['category_id', 'product_id'])
        .modifyEnd(c.keyed)
        .execute()
      await db.schema
        .createIndex(`${table}_by_product`)
        .on(table)
        .columns(['product_id', 'category_id'])
        .execute()
    }
  },
}
