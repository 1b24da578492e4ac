import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const createInventory: Migration = {
  async up(db, c) {
    await createNumbers(db, c, 'locations')
    await db.schema
      .createTable('locations')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('code', c.text, (col) => col.notNull().unique())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('address', c.json)
      .addColumn('priority', c.integer, (col) => col.notNull())
      .addColumn('archived_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .execute()

    await createNumbers(db, c, 'inventory_items')
    await db.schema
      .createTable('inventory_items')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('sku_key', c.text, (col) => col.notNull().unique())
      .addColumn('description', c.text)
      .addColumn('unit', c.text, (col) => col.notNull())
      .addColumn('reorder_point', c.integer)
      .addColumn('archived_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .execute()

    await db.schema
      .createTable('stock_levels')
      .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
      .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('on_hand', c.quantity, (col) => col.notNull())
      .addColumn('reserved', c.quantity, (col) => col.notNull())
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('stock_levels_pkey', ['item_id', 'location_id'])
      .addCheckConstraint('stock_is_never_oversold', sql`0 <= reserved and reserved <= on_hand`)
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createIndex('stock_levels_by_location')
      .on('stock_levels')
      .columns(['location_id', 'item_id'])
      .execute()

    await db.schema
      .createTable('stock_movements')
      .addColumn('sequence', c.sequence, (col) => col.notNull().primaryKey())
      .addColumn('id', c.id, (col) => col.notNull().unique())
      .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
      .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('kind', c.text, (col) => col.notNull())
      .addColumn('state_from', c.text)
      .addColumn('state_to', c.text)
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('reason', c.text)
      .addColumn('reference_type', c.text)
      .addColumn('reference_id', c.text)
      .addColumn('actor', c.text, (col) => col.notNull())
      .addColumn('occurred_at', c.instant, (col) => col.notNull())
      .addColumn('posted_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('movement_quantity', sql`quantity > 0`)
      .addCheckConstraint('movement_kind', sql`kind in ('received', 'adjusted', 'shipped')`)
      .addCheckConstraint(
        'movement_goes_somewhere',
        sql`coalesce(state_from, '') <> coalesce(state_to, '')`,
      )
      .execute()
    await db.schema
      .createIndex('stock_movements_by_item')
      .on('stock_movements')
      .columns(['item_id', 'location_id', 'sequence'])
      .execute()

    await db.schema
      .createTable('reservations')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('reference_type', c.text, (col) => col.notNull())
      .addColumn('reference_id', c.text, (col) => col.notNull())
      .addColumn('item_id', c.id, (col) => col.notNull())
      .addColumn('location_id', c.id, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('expires_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addForeignKeyConstraint('reservation_of_level', ['item_id', 'location_id'], 'stock_levels', [
        'item_id',
        'location_id',
      ])
      .addCheckConstraint('reservation_quantity', sql`quantity > 0`)
      .addCheckConstraint(
        'reservation_status',
        sql`status in ('pending', 'confirmed', 'consumed', 'released', 'cancelled', 'expired')`,
      )
      .execute()
    await db.schema
      .createIndex('reservations_by_reference')
      .on('reservations')
      .columns(['reference_id', 'reference_type'])
      .execute()
    await db.schema
      .createIndex('reservations_open_by_item')
      .on('reservations')
      .columns(['item_id', 'location_id'])
      .where(sql.ref('status'), 'in', sql`('pending', 'confirmed')`)
      .execute()
    await db.schema
      .createIndex('reservations_to_expire')
      .on('reservations')
      .column('expires_at')
      .where(sql`status = 'pending' and expires_at is not null` as never)
      .execute()
  },
}
