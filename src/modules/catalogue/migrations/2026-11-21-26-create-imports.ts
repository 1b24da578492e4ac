import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createImports: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('imports')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('dry_run', c.boolean, (col) => col.notNull())
      .addColumn('skip_invalid', c.boolean, (col) => col.notNull())
      .addColumn('file_name', c.text)
      .addColumn('fingerprint', c.text)
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('columns', c.json, (col) => col.notNull())
      .addColumn('bytes_read', c.integer, (col) => col.notNull())
      .addColumn('rows_read', c.integer, (col) => col.notNull())
      .addColumn('rows_checked', c.integer, (col) => col.notNull())
      .addColumn('rows_invalid', c.integer, (col) => col.notNull())
      .addColumn('rows_applied', c.integer, (col) => col.notNull())
      .addColumn('products_created', c.integer, (col) => col.notNull())
      .addColumn('products_updated', c.integer, (col) => col.notNull())
      .addColumn('errors_count', c.integer, (col) => col.notNull())
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('problem', c.text)
      .addColumn('actor', c.text, (col) => col.notNull())
      .addColumn('phase_at', c.instant, (col) => col.notNull())
      .addColumn('finished_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'import_status',
        sql`status in ('reading', 'checking', 'applying', 'done', 'checked', 'refused', 'cancelled',
          'failed')`,
      )
      .addCheckConstraint(
        'import_counts_no_row_twice',
        sql`rows_applied + rows_invalid <= rows_read and rows_checked <= rows_read`,
      )
      .execute()
    await db.schema
      .createIndex('imports_by_fingerprint')
      .on('imports')
      .columns(['fingerprint', 'id'])
      .execute()
    await db.schema
      .createIndex('imports_by_status')
      .on('imports')
      .columns(['status', 'id'])
      .execute()

    await db.schema
      .createTable('import_rows')
      .addColumn('import_id', c.id, (col) => col.notNull().references('imports.id'))
      .addColumn('product_no', c.integer, (col) => col.notNull())
      .addColumn('line', c.integer, (col) => col.notNull())
      .addColumn('product_key', c.text, (col) => col.notNull())
      .addColumn('variant_key', c.text, (col) => col.notNull())
      .addColumn('gtin_key', c.text)
      .addColumn('cells', c.json, (col) => col.notNull())
      .addColumn('is_valid', c.boolean, (col) => col.notNull())
      .addPrimaryKeyConstraint('import_rows_pkey', ['import_id', 'product_no', 'line'])
      .modifyEnd(c.keyed)
      .execute()
    const index = (name: string, column: string) =>
      db.schema
        .createIndex(name)
        .on('import_rows')
        .columns(['import_id', column, 'product_no', 'line'])
        .execute()
    await index('import_rows_by_product', 'product_key')
    await index('import_rows_by_variant', 'variant_key')
    await db.schema
      .createIndex('import_rows_by_gtin')
      .on('import_rows')
      .columns(['import_id', 'gtin_key', 'product_no', 'line'])
      .where(sql<boolean>`gtin_key is not null`)
      .execute()

    await db.schema
      .createTable('import_errors')
      .addColumn('import_id', c.id, (col) => col.notNull().references('imports.id'))
      .addColumn('number', c.integer, (col) => col.notNull())
      .addColumn('line', c.integer, (col) => col.notNull())
      .addColumn('column_name', c.text)
      .addColumn('code', c.text, (col) => col.notNull())
      .addColumn('message', c.text, (col) => col.notNull())
      .addColumn('value', c.text)
      .addPrimaryKeyConstraint('import_errors_pkey', ['import_id', 'number'])
      .modifyEnd(c.keyed)
      .execute()
  },
}
