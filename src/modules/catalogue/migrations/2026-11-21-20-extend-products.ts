import { type Kysely, sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { optionsKey } from '../options.ts'

export const extendProducts: Migration = {
  async up(db, c) {
    const { schema } = db
    await schema
      .alterTable('products')
      .addColumn('tax_class', c.text, (col) => col.notNull().defaultTo('standard'))
      .execute()
    await schema.alterTable('products').addColumn('slug', c.text).execute()
    await schema
      .alterTable('products')
      .addColumn('options', c.json, (col) => col.notNull().defaultTo('[]'))
      .execute()
    await schema
      .alterTable('products')
      .addColumn('facet_keys', c.text, (col) => col.notNull().defaultTo(''))
      .execute()
    await schema.createIndex('products_by_slug').unique().on('products').column('slug').execute()

    const variants = () => schema.alterTable('product_variants')
    await variants().addColumn('gtin', c.text).execute()
    await variants()
      .addColumn('gtin_key', c.text, (col) => col.check(sql`length(gtin_key) = 14`))
      .execute()
    await variants().addColumn('options_key', c.text).execute()
    await variants().addColumn('image_url', c.text).execute()
    await keyOptions(db)
    await schema
      .createIndex('product_variants_by_gtin')
      .unique()
      .on('product_variants')
      .column('gtin_key')
      .where(sql<boolean>`archived_at is null and gtin_key is not null`)
      .execute()
    await schema
      .createIndex('product_variants_by_options')
      .unique()
      .on('product_variants')
      .columns(['product_id', 'options_key'])
      .where(sql<boolean>`archived_at is null and options_key is not null`)
      .execute()

    await schema
      .createTable('product_slugs')
      .addColumn('slug', c.text, (col) => col.notNull().primaryKey())
      .addColumn('product_id', c.id, (col) => col.notNull().references('products.id'))
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .modifyEnd(c.keyed)
      .execute()
    await schema
      .createIndex('product_slugs_by_product')
      .on('product_slugs')
      .column('product_id')
      .execute()
  },
}

/** Says of the variants that are there already which choices they stand for. */
async function keyOptions(db: Kysely<any>): Promise<void> {
  const rows = await db.selectFrom('product_variants').select(['id', 'options']).execute()
  for (const { id, options } of rows) {
    const options_key = optionsKey(options)
    if (options_key === null) continue
    await db.updateTable('product_variants').set({ options_key }).where('id', '=', id).execute()
  }
}
