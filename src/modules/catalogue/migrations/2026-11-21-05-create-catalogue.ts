import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'
import { productSearch } from '../search-index.ts'

export const createCatalogue: Migration = {
  async up(db, c) {
    await createNumbers(db, c, 'products')
    await db.schema
      .createTable('products')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('sku_key', c.text, (col) => col.notNull().unique())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('name_key', c.text, (col) => col.notNull())
      .addColumn('description', c.text)
      .addColumn('brand', c.text)
      .addColumn('brand_key', c.text)
      .addColumn('manufacturer', c.text)
      .addColumn('tags', c.json, (col) => col.notNull())
      .addColumn('is_digital', c.boolean, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('default_variant_id', c.id, (col) => col.notNull())
      .addColumn('price_amount', c.amount, (col) => col.notNull())
      .addColumn('msrp_amount', c.amount)
      .addColumn('image_url', c.text)
      .addColumn('weight_grams', c.integer)
      .addColumn('dimensions_cm', c.text)
      .addColumn('tax_rate_ppm', c.integer)
      .addColumn('meta_title', c.text)
      .addColumn('meta_description', c.text)
      .addColumn('reorder_point', c.integer)
      .addColumn('archived_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'product_status',
        sql`status in ('draft', 'active', 'inactive', 'archived')`,
      )
      .addCheckConstraint(
        'product_is_archived_when_it_says_so',
        sql`(status = 'archived') = (archived_at is not null)`,
      )
      .addCheckConstraint('product_price_is_not_negative', sql`price_amount >= 0`)
      .execute()
    // Each holds all that a page of the list needs, so that no row is visited to find one.
    const index = (name: string, columns: string[]) =>
      db.schema.createIndex(name).on('products').columns(columns).execute()
    await index('products_by_age', ['status', 'id', 'version'])
    await index('products_by_name', ['status', 'name_key', 'id', 'version'])
    await index('products_by_brand', ['brand_key', 'status', 'id', 'version'])
    await index('products_by_price', ['status', 'currency', 'price_amount', 'id', 'version'])

    await db.schema
      .createTable('product_tags')
      .addColumn('tag_key', c.text, (col) => col.notNull())
      .addColumn('product_id', c.id, (col) => col.notNull().references('products.id'))
      .addPrimaryKeyConstraint('product_tags_pkey', ['tag_key', 'product_id'])
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createIndex('product_tags_by_product')
      .on('product_tags')
      .column('product_id')
      .execute()

    await db.schema
      .createTable('product_variants')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('product_id', c.id, (col) => col.notNull().references('products.id'))
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('sku_key', c.text, (col) => col.notNull().unique())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('options', c.json, (col) => col.notNull())
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('inventory_tracking', c.boolean, (col) => col.notNull())
      .addColumn('item_id', c.id, (col) => col.unique().references('inventory_items.id'))
      .addColumn('weight_grams', c.integer)
      .addColumn('dimensions', c.json)
      .addColumn('cost_amount', c.amount)
      .addColumn('archived_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'variant_that_is_tracked_has_an_item',
        sql`item_id is not null or not inventory_tracking`,
      )
      .addCheckConstraint('variant_cost_is_not_negative', sql`cost_amount >= 0`)
      .execute()
    await db.schema
      .createIndex('product_variants_by_product')
      .on('product_variants')
      .columns(['product_id', 'position', 'id'])
      .execute()

    await db.schema
      .createTable('variant_prices')
      .addColumn('variant_id', c.id, (col) => col.notNull().references('product_variants.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('min_quantity', c.quantity, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('compare_at_amount', c.amount)
      .addPrimaryKeyConstraint('variant_prices_pkey', ['variant_id', 'currency', 'min_quantity'])
      .addCheckConstraint('variant_price_is_not_negative', sql`amount >= 0`)
      .addCheckConstraint('variant_price_starts_at_one_unit', sql`min_quantity >= 1`)
      .modifyEnd(c.keyed)
      .execute()

    await productSearch.create(db, c)
  },
}
