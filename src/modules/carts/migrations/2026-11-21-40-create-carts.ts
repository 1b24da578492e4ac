import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createCarts: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('carts')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('customer_id', c.id, (col) => col.references('customers.id'))
      .addColumn('session_hash', c.text)
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('email', c.text)
      .addColumn('destination', c.json)
      .addColumn('shipping_method', c.text)
      .addColumn('metadata', c.json)
      .addColumn('line_count', c.integer, (col) => col.notNull())
      .addColumn('unit_count', c.integer, (col) => col.notNull())
      .addColumn('coupon_count', c.integer, (col) => col.notNull())
      .addColumn('subtotal_amount', c.amount, (col) => col.notNull())
      .addColumn('discount_amount', c.amount, (col) => col.notNull())
      .addColumn('shipping_amount', c.amount, (col) => col.notNull())
      .addColumn('tax_amount', c.amount, (col) => col.notNull())
      .addColumn('total_amount', c.amount, (col) => col.notNull())
      .addColumn('converting', c.boolean, (col) => col.notNull())
      .addColumn('checkout_at', c.instant)
      .addColumn('closed_as', c.text)
      .addColumn('closed_at', c.instant)
      .addColumn('order_id', c.id)
      .addColumn('merged_into_id', c.id)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('expires_at', c.instant, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'cart_has_one_owner',
        sql`(customer_id is null) <> (session_hash is null)`,
      )
      .addCheckConstraint(
        'cart_closed_as',
        sql`closed_as in ('converted', 'merged', 'abandoned', 'expired')`,
      )
      .addCheckConstraint('cart_closed_at', sql`(closed_as is null) = (closed_at is null)`)
      .addCheckConstraint(
        'cart_order',
        sql`(order_id is not null) = (coalesce(closed_as, '') = 'converted')`,
      )
      .addCheckConstraint(
        'cart_merged_into',
        sql`(merged_into_id is not null) = (coalesce(closed_as, '') = 'merged')`,
      )
      .addCheckConstraint('cart_converting', sql`closed_as is null or not converting`)
      .addCheckConstraint(
        'cart_counts',
        sql`line_count between 0 and 500 and unit_count >= line_count
          and coupon_count between 0 and 10`,
      )
      .addCheckConstraint(
        'cart_amounts',
        sql`subtotal_amount >= 0 and discount_amount >= 0 and shipping_amount >= 0
          and tax_amount >= 0 and total_amount >= 0`,
      )
      .execute()

    // Each for the few carts that it is about: a cart is written often, and every entry costs.
    for (const [name, columns, where] of [
      ['carts_by_customer', ['customer_id', 'id'], sql`customer_id is not null`],
      ['carts_by_session', ['session_hash', 'id'], sql`session_hash is not null`],
      ['carts_by_close', ['closed_as', 'id'], sql`closed_as is not null`],
      ['carts_merged', ['merged_into_id'], sql`merged_into_id is not null`],
      ['carts_converting', ['id'], sql`closed_as is null and converting`],
      ['carts_to_expire', ['expires_at', 'id'], sql`closed_as is null and not converting`],
      [
        'carts_to_purge',
        ['closed_at', 'id'],
        sql`closed_as <> 'converted' and checkout_at is null`,
      ],
    ] as const) {
      await db.schema
        .createIndex(name)
        .on('carts')
        .columns([...columns])
        .where(where as never)
        .execute()
    }
    await db.schema
      .createIndex('carts_one_per_order')
      .on('carts')
      .column('order_id')
      .unique()
      .where(sql`order_id is not null` as never)
      .execute()

    await db.schema
      .createTable('cart_lines')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('cart_id', c.id, (col) => col.notNull().references('carts.id'))
      .addColumn('variant_id', c.id, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('unit_amount_seen', c.amount, (col) => col.notNull())
      .addColumn('lowered_from', c.quantity)
      .addColumn('metadata', c.json)
      .addColumn('added_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('cart_line_quantity', sql`quantity between 1 and 1000000`)
      .addCheckConstraint('cart_line_amount', sql`unit_amount_seen >= 0`)
      .addCheckConstraint('cart_line_lowered', sql`lowered_from is null or lowered_from > quantity`)
      .execute()
    await db.schema
      .createIndex('cart_lines_one_per_variant')
      .on('cart_lines')
      .columns(['cart_id', 'variant_id'])
      .unique()
      .execute()

    await db.schema
      .createTable('cart_coupons')
      .addColumn('cart_id', c.id, (col) => col.notNull().references('carts.id'))
      .addColumn('code', c.text, (col) => col.notNull())
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('added_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('cart_coupons_pkey', ['cart_id', 'code'])
      .addUniqueConstraint('cart_coupons_position_once', ['cart_id', 'position'])
      .addCheckConstraint('cart_coupon_position', sql`position between 1 and 10`)
      .execute()
  },
}
