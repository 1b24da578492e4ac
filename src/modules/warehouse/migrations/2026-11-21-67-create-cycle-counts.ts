import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const createCycleCounts: Migration = {
  async up(db, c) {
    await createNumbers(db, c, 'cycle_counts')
    await db.schema
      .createTable('cycle_counts')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('scope', c.json, (col) => col.notNull())
      .addColumn('blind', c.boolean, (col) => col.notNull())
      .addColumn('recount_percent', c.integer)
      .addColumn('recount_value_amount', c.amount)
      .addColumn('currency', c.text)
      .addColumn('lines_count', c.integer, (col) => col.notNull())
      .addColumn('lines_counted', c.integer, (col) => col.notNull())
      .addColumn('lines_to_recount', c.integer, (col) => col.notNull())
      .addColumn('lines_settled', c.integer, (col) => col.notNull())
      .addColumn('position', c.text)
      .addColumn('approved_by', c.text)
      .addColumn('approved_at', c.instant)
      .addColumn('finished_at', c.instant)
      .addColumn('created_by', c.text, (col) => col.notNull())
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'cycle_count_status',
        sql`status in ('planning', 'counting', 'approving', 'completed', 'cancelled')`,
      )
      .addCheckConstraint(
        'cycle_count_counts_no_line_twice',
        sql`0 <= lines_counted and 0 <= lines_to_recount and 0 <= lines_settled
          and lines_counted + lines_to_recount + lines_settled <= lines_count`,
      )
      .addCheckConstraint(
        'cycle_count_thresholds',
        sql`recount_percent >= 0 and recount_value_amount >= 0
          and (recount_value_amount is null) = (currency is null)`,
      )
      .execute()
    await db.schema
      .createIndex('cycle_counts_by_status')
      .on('cycle_counts')
      .columns(['status', 'id'])
      .execute()
    await db.schema
      .createIndex('cycle_counts_by_location')
      .on('cycle_counts')
      .columns(['location_id', 'id'])
      .execute()
    await db.schema
      .createTable('count_lines')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('count_id', c.id, (col) => col.notNull().references('cycle_counts.id'))
      .addColumn('number', c.integer, (col) => col.notNull())
      .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('bin_id', c.id, (col) => col.references('bins.id'))
      .addColumn('lot_id', c.id, (col) => col.references('lots.id'))
      .addColumn('spot', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('expected_quantity', c.quantity)
      .addColumn('counted_quantity', c.quantity)
      .addColumn('counted_sequence', c.integer)
      .addColumn('counted_serials', c.json)
      .addColumn('missing_serials', c.json)
      .addColumn('counted_by', c.text)
      .addColumn('counted_at', c.instant)
      .addColumn('times_counted', c.integer, (col) => col.notNull())
      .addColumn('adjusted_quantity', c.quantity)
      .addColumn('posted_sequence', c.integer)
      .addColumn('problem', c.text)
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addUniqueConstraint('count_lines_by_place', ['count_id', 'item_id', 'spot'])
      .addCheckConstraint(
        'count_line_status',
        sql`status in ('pending', 'counted', 'recount', 'posted', 'superseded', 'skipped')`,
      )
      .addCheckConstraint(
        'count_line_has_what_its_status_needs',
        sql`(status not in ('counted', 'posted', 'superseded')
            or (counted_quantity >= 0 and expected_quantity >= 0 and counted_sequence >= 0))
          and (status = 'posted') = (adjusted_quantity is not null)`,
      )
      .execute()
    await db.schema
      .createIndex('count_lines_by_number')
      .on('count_lines')
      .columns(['count_id', 'number'])
      .execute()
    await db.schema
      .createIndex('count_lines_by_status')
      .on('count_lines')
      .columns(['count_id', 'status', 'number'])
      .execute()
    await db.schema
      .createIndex('count_lines_posted')
      .on('count_lines')
      .columns(['item_id', 'location_id', 'spot', 'posted_sequence'])
      .where(sql<boolean>`status = 'posted'`)
      .execute()
    await db.schema
      .createTable('last_counts')
      .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
      .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('spot', c.text, (col) => col.notNull())
      .addColumn('counted_sequence', c.integer, (col) => col.notNull())
      .addColumn('counted_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('last_counts_pkey', ['item_id', 'location_id', 'spot'])
      .modifyEnd(c.keyed)
      .execute()
  },
}
