import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const addOffers: Migration = {
  async up(db, c) {
    await db.schema.alterTable('product_variants').addColumn('offers', c.json).execute()

    await db.schema
      .createTable('variant_sales')
      .addColumn('variant_id', c.id, (col) => col.notNull().references('product_variants.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('min_quantity', c.quantity, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('starts_at', c.instant, (col) => col.notNull())
      .addColumn('ends_at', c.instant, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('variant_sales_pkey', [
        'variant_id',
        'currency',
        'starts_at',
        'created_at',
        'min_quantity',
        'amount',
      ])
      .addCheckConstraint('variant_sale_price_is_not_negative', sql`amount >= 0`)
      .addCheckConstraint('variant_sale_starts_at_one_unit', sql`min_quantity >= 1`)
      .addCheckConstraint('variant_sale_ends_after_it_starts', sql`ends_at > starts_at`)
      .modifyEnd(c.keyed)
      .execute()

    await db.schema
      .createTable('variant_past_prices')
      .addColumn('variant_id', c.id, (col) => col.notNull().references('product_variants.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('until_at', c.instant, (col) => col.notNull())
      .addColumn('amount', c.amount)
      .addPrimaryKeyConstraint('variant_past_prices_pkey', ['variant_id', 'currency', 'until_at'])
      .modifyEnd(c.keyed)
      .execute()
  },
}
