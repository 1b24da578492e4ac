import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createOrderChanges: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('order_change_sets')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('kind', c.status, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('number', c.integer)
      .addColumn('base_version', c.integer, (col) => col.notNull())
      .addColumn('base', c.json, (col) => col.notNull())
      .addColumn('reason', c.text)
      .addColumn('old_owed_amount', c.amount)
      .addColumn('new_owed_amount', c.amount)
      .addColumn('created_by', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('applied_key', c.text)
      .addColumn('closed_by', c.text)
      .addColumn('closed_at', c.instant)
      .addCheckConstraint('order_change_kind', sql`kind in ('edit', 'cancel', 'merge', 'split')`)
      .addCheckConstraint('order_change_status', sql`status in ('open', 'applied', 'abandoned')`)
      .addCheckConstraint(
        'order_change_is_numbered',
        sql`(status = 'applied') = (number is not null)`,
      )
      .addCheckConstraint('order_change_is_closed', sql`(status = 'open') = (closed_at is null)`)
      .execute()
    await db.schema
      .createIndex('order_change_sets_by_order')
      .on('order_change_sets')
      .columns(['order_id', 'id'])
      .execute()
    await db.schema
      .createIndex('order_change_sets_by_number')
      .on('order_change_sets')
      .columns(['order_id', 'number'])
      .unique()
      .where(sql`number is not null` as never)
      .execute()
    // One open set an order, whoever begins one.
    await db.schema
      .createIndex('order_change_sets_open')
      .on('order_change_sets')
      .column('order_id')
      .unique()
      .where(sql`status = 'open'` as never)
      .execute()

    await db.schema
      .createTable('order_change_actions')
      .addColumn('order_change_id', c.id, (col) => col.notNull().references('order_change_sets.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('kind', c.status, (col) => col.notNull())
      .addColumn('effect', c.json, (col) => col.notNull())
      .addColumn('before', c.json)
      .addColumn('after', c.json)
      .addPrimaryKeyConstraint('order_change_actions_pkey', ['order_change_id', 'position'])
      .addCheckConstraint(
        'order_change_action_kind',
        sql`kind in ('add_line', 'set_quantity', 'set_discount', 'set_shipping', 'set_details',
          'cancel_units', 'give_units', 'take_rows')`,
      )
      .modifyEnd(c.keyed)
      .execute()

    await db.schema
      .createTable('order_origins')
      .addColumn('order_id', c.id, (col) => col.notNull().primaryKey().references('orders.id'))
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('state', c.json, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .execute()
  },
}
