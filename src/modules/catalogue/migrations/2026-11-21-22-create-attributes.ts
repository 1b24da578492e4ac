import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const createAttributes: Migration = {
  async up(db, c) {
    await createNumbers(db, c, 'attributes')
    await db.schema
      .createTable('attributes')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('code', c.text, (col) => col.notNull().unique())
      .addColumn('label', c.text, (col) => col.notNull())
      .addColumn('type', c.text, (col) => col.notNull())
      .addColumn('unit', c.text)
      .addColumn('choices', c.json, (col) => col.notNull())
      .addColumn('filterable', c.boolean, (col) => col.notNull())
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'attribute_type',
        sql`type in ('text', 'number', 'boolean', 'enum', 'date')`,
      )
      .execute()

    await db.schema
      .createTable('product_attributes')
      .addColumn('product_id', c.id, (col) => col.notNull().references('products.id'))
      .addColumn('attribute_id', c.id, (col) => col.notNull().references('attributes.id'))
      .addColumn('value', c.text, (col) => col.notNull())
      .addColumn('value_key', c.text, (col) => col.notNull())
      .addColumn('number_value', c.integer)
      .addPrimaryKeyConstraint('product_attributes_pkey', ['product_id', 'attribute_id'])
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createIndex('product_attributes_by_value')
      .on('product_attributes')
      .columns(['attribute_id', 'value_key', 'product_id'])
      .execute()
    await db.schema
      .createIndex('product_attributes_by_number')
      .on('product_attributes')
      .columns(['attribute_id', 'number_value', 'product_id'])
      .where(sql<boolean>`number_value is not null`)
      .execute()
  },
}
