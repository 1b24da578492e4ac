import type { Migration } from '#platform/database/migrations'

export const createWishlists: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('wishlists')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('share_token', c.text, (col) => col.unique())
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .execute()
    await db.schema
      .createIndex('wishlists_by_customer')
      .on('wishlists')
      .columns(['customer_id', 'id'])
      .execute()
    await db.schema
      .createTable('wishlist_items')
      .addColumn('wishlist_id', c.id, (col) => col.notNull().references('wishlists.id'))
      .addColumn('variant_id', c.id, (col) => col.notNull())
      .addColumn('note', c.text)
      .addColumn('added_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('wishlist_items_pkey', ['wishlist_id', 'variant_id'])
      .execute()
  },
}
