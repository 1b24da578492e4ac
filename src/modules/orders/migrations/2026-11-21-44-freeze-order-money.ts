import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

// Orders that know only their total keep it: null means «as the total says», and a default is what
// nobody computed. Whoever places an order without a cart writes none of these columns.
export const freezeOrderMoney: Migration = {
  async up(db, c) {
    const orders = db.schema.alterTable('orders')
    await orders.addColumn('cart_id', c.id).execute()
    await orders.addColumn('email', c.text).execute()
    await orders
      .addColumn('subtotal_amount', c.amount, (col) => col.check(sql`subtotal_amount >= 0`))
      .execute()
    for (const name of ['discount_amount', 'shipping_amount', 'tax_amount']) {
      const isAmount = sql`${sql.ref(name)} >= 0`
      await orders
        .addColumn(name, c.amount, (col) => col.notNull().defaultTo(0).check(isAmount))
        .execute()
    }
    await orders
      .addColumn('prices_include_tax', c.boolean, (col) => col.notNull().defaultTo(false))
      .execute()
    await orders
      .addColumn('tax_status', c.status, (col) =>
        col
          .notNull()
          .defaultTo('not_computed')
          .check(sql`tax_status in ('not_computed', 'computed')`),
      )
      .execute()
    // One order a cart, however often and by whomever its checkout is completed.
    await db.schema
      .createIndex('orders_by_cart')
      .on('orders')
      .column('cart_id')
      .unique()
      .where(sql`cart_id is not null` as never)
      .execute()

    const lines = db.schema.alterTable('order_lines')
    await lines
      .addColumn('discount_amount', c.amount, (col) =>
        col.notNull().defaultTo(0).check(sql`discount_amount >= 0`),
      )
      .execute()
    await lines.addColumn('net_amount', c.amount).execute()
    await lines
      .addColumn('gross_amount', c.amount, (col) => col.check(sql`gross_amount >= 0`))
      .execute()
    await lines.addColumn('tax_class', c.text).execute()
    await lines.addColumn('image_url', c.text).execute()

    await createMoneyRows(db, c)
  },
}

/** Rows that say where the money of an order comes from, by their position in it. */
const createMoneyRows: Migration['up'] = async (db, c) => {
  await db.schema
    .createTable('order_fees')
    .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
    .addColumn('position', c.integer, (col) => col.notNull())
    .addColumn('kind', c.status, (col) => col.notNull())
    .addColumn('code', c.text, (col) => col.notNull())
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('base_amount', c.amount, (col) => col.notNull())
    .addColumn('discount_amount', c.amount, (col) => col.notNull())
    .addColumn('net_amount', c.amount, (col) => col.notNull())
    .addColumn('tax_amount', c.amount, (col) => col.notNull())
    .addColumn('gross_amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('order_fees_pkey', ['order_id', 'position'])
    .addCheckConstraint(
      'order_fee_kind',
      sql`kind in ('shipping', 'handling', 'surcharge', 'duty')`,
    )
    .addCheckConstraint('order_fee_discount', sql`discount_amount between 0 and base_amount`)
    .addCheckConstraint('order_fee_gross', sql`gross_amount = net_amount + tax_amount`)
    .modifyEnd(c.keyed)
    .execute()

  await db.schema
    .createTable('order_discounts')
    .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
    .addColumn('position', c.integer, (col) => col.notNull())
    .addColumn('promotion_id', c.text, (col) => col.notNull())
    .addColumn('code', c.text)
    .addColumn('label', c.text, (col) => col.notNull())
    .addColumn('explanation', c.text, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('order_discounts_pkey', ['order_id', 'position'])
    .addCheckConstraint('order_discount_amount', sql`amount > 0`)
    .modifyEnd(c.keyed)
    .execute()

  await db.schema
    .createTable('order_discount_shares')
    .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
    .addColumn('position', c.integer, (col) => col.notNull())
    .addColumn('discount_position', c.integer, (col) => col.notNull())
    .addColumn('order_line_id', c.id, (col) => col.references('order_lines.id'))
    .addColumn('fee_position', c.integer)
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('order_discount_shares_pkey', ['order_id', 'position'])
    .addCheckConstraint('order_discount_share_amount', sql`amount > 0`)
    .addCheckConstraint(
      'order_discount_share_of_one',
      sql`(order_line_id is null) <> (fee_position is null)`,
    )
    .modifyEnd(c.keyed)
    .execute()

  await db.schema
    .createTable('order_taxes')
    .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
    .addColumn('position', c.integer, (col) => col.notNull())
    .addColumn('order_line_id', c.id, (col) => col.references('order_lines.id'))
    .addColumn('fee_position', c.integer)
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('jurisdiction', c.text, (col) => col.notNull())
    .addColumn('rate_ppm', c.integer, (col) => col.notNull())
    .addColumn('reason', c.status, (col) => col.notNull())
    .addColumn('taxable_amount', c.amount, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('order_taxes_pkey', ['order_id', 'position'])
    .addCheckConstraint(
      'order_tax_reason',
      sql`reason in ('standard', 'reduced', 'zero_rated', 'exempt', 'reverse_charge', 'export',
        'default')`,
    )
    .addCheckConstraint('order_tax_amount', sql`amount >= 0 and taxable_amount >= 0`)
    .addCheckConstraint('order_tax_of_one', sql`(order_line_id is null) <> (fee_position is null)`)
    .modifyEnd(c.keyed)
    .execute()
}
