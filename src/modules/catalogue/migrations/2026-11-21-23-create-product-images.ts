import type { Migration } from '#platform/database/migrations'

export const createProductImages: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('product_images')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('product_id', c.id, (col) => col.notNull().references('products.id'))
      .addColumn('variant_id', c.id, (col) => col.references('product_variants.id'))
      .addColumn('url', c.text, (col) => col.notNull())
      .addColumn('alt', c.text)
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .execute()
    await db.schema
      .createIndex('product_images_in_order')
      .unique()
      .on('product_images')
      .columns(['product_id', 'position'])
      .execute()
  },
}
