import type { Migration } from '#platform/database/migrations'

/** Imports of more than products: rows of a group, and what kind of rows they are. */
export const shareImports: Migration = {
  async up(db, c) {
    await db.schema
      .alterTable('imports')
      .addColumn('kind', c.text, (col) => col.notNull().defaultTo('products'))
      .execute()
    await db.schema
      .alterTable('imports')
      .addColumn('levels_changed', c.integer, (col) => col.notNull().defaultTo(0))
      .execute()
    const names = {
      product_no: 'group_no',
      product_key: 'group_key',
      variant_key: 'row_key',
      gtin_key: 'other_key',
    }
    for (const [from, to] of Object.entries(names)) {
      await db.schema.alterTable('import_rows').renameColumn(from, to).execute()
    }
  },
}
