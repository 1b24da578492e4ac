import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

const STATUSES = sql`status in ('pending', 'confirmed', 'processing', 'on_hold', 'shipped',
  'delivered', 'cancelled', 'exchanged', 'refunded')`

/** Figures of orders by day, and what tells which orders wait to be counted: at first, all. */
export const createOrderFigures: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('order_recounts')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull())
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createTable('counted_orders')
      .addColumn('order_id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('customer_id', c.id, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('day', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull().check(STATUSES))
      .addColumn('is_sale', c.boolean, (col) => col.notNull())
      .addColumn('total_amount', c.amount, (col) => col.notNull())
      .addColumn('refunded_amount', c.amount, (col) => col.notNull())
      .modifyEnd(c.keyed)
      .execute()
    await createSums(db, c)
    // An order's own id serves as that of its first recount.
    await sql`insert into order_recounts (id, order_id) select id, id from orders`.execute(db)
  },
}

async function createSums(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('order_days')
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('day', c.text, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull().check(STATUSES))
    .addColumn('orders', c.integer, (col) => col.notNull())
    .addColumn('sales', c.integer, (col) => col.notNull())
    .addColumn('sales_amount', c.amount, (col) => col.notNull())
    .addColumn('refunded_amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('order_days_pkey', ['currency', 'day', 'status'])
    .modifyEnd(c.keyed)
    .execute()
  await db.schema
    .createTable('customer_days')
    .addColumn('customer_id', c.id, (col) => col.notNull())
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('day', c.text, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull().check(STATUSES))
    .addColumn('orders', c.integer, (col) => col.notNull())
    .addColumn('sales', c.integer, (col) => col.notNull())
    .addColumn('sales_amount', c.amount, (col) => col.notNull())
    .addColumn('refunded_amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('customer_days_pkey', ['customer_id', 'currency', 'day', 'status'])
    .modifyEnd(c.keyed)
    .execute()
  // All that is asked of a period stands in the index.
  await db.schema
    .createIndex('customer_days_by_day')
    .on('customer_days')
    .columns(['currency', 'day', 'customer_id', 'sales', 'sales_amount'])
    .execute()
  await db.schema
    .createTable('customer_sales')
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('customer_id', c.id, (col) => col.notNull())
    .addColumn('sales', c.integer, (col) => col.notNull())
    .addColumn('sales_amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('customer_sales_pkey', ['currency', 'customer_id'])
    .modifyEnd(c.keyed)
    .execute()
  await db.schema
    .createIndex('customer_sales_by_sales')
    .on('customer_sales')
    .columns(['currency', 'sales', 'sales_amount', 'customer_id'])
    .execute()
}
