import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createOrderBulks: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('order_bulks')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('action', c.text, (col) => col.notNull())
      .addColumn('parameters', c.json, (col) => col.notNull())
      .addColumn('filter', c.json)
      .addColumn('dry_run', c.boolean, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('rows_total', c.integer, (col) => col.notNull())
      .addColumn('rows_ok', c.integer, (col) => col.notNull())
      .addColumn('rows_failed', c.integer, (col) => col.notNull())
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('collected_to', c.id)
      .addColumn('problem', c.text)
      .addColumn('actor', c.text, (col) => col.notNull())
      .addColumn('finished_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'order_bulk_status',
        sql`status in ('collecting', 'running', 'done', 'cancelled', 'failed')`,
      )
      .addCheckConstraint(
        'order_bulk_counts',
        sql`rows_ok >= 0 and rows_failed >= 0 and rows_ok + rows_failed <= rows_total`,
      )
      .addCheckConstraint(
        'order_bulk_is_done_with_its_last_row',
        sql`status <> 'done' or rows_ok + rows_failed = rows_total`,
      )
      .execute()
    await db.schema
      .createIndex('order_bulks_by_status')
      .on('order_bulks')
      .columns(['status', 'id'])
      .execute()

    await db.schema
      .createTable('order_bulk_rows')
      .addColumn('bulk_id', c.id, (col) => col.notNull().references('order_bulks.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('order_ref', c.text, (col) => col.notNull())
      .addColumn('order_id', c.id, (col) => col.references('orders.id'))
      .addColumn('result', c.status, (col) => col.notNull())
      .addColumn('code', c.text)
      .addColumn('message', c.text)
      .addColumn('done_at', c.instant)
      .addPrimaryKeyConstraint('order_bulk_rows_pkey', ['bulk_id', 'position'])
      .addCheckConstraint('order_bulk_row_result', sql`result in ('waiting', 'ok', 'failed')`)
      .addCheckConstraint(
        'order_bulk_row_says_why',
        sql`(result = 'failed') = (code is not null) and (result = 'waiting') = (done_at is null)`,
      )
      .modifyEnd(c.keyed)
      .execute()
    // An order is done once, however often it was named or found.
    await db.schema
      .createIndex('order_bulk_rows_by_order')
      .on('order_bulk_rows')
      .columns(['bulk_id', 'order_id'])
      .unique()
      .execute()
    await db.schema
      .createIndex('order_bulk_rows_by_result')
      .on('order_bulk_rows')
      .columns(['bulk_id', 'result', 'position'])
      .execute()
  },
}
