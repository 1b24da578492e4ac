import { sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

type Db = Parameters<Migration['up']>[0]

export const createWarehouse: Migration = {
  async up(db, c) {
    await createTracking(db, c)
    await createPlaces(db, c)
    await createLots(db, c)
    await createSerials(db, c)
    await createLinks(db, c)
  },
}

async function createTracking(db: Db, c: Columns): Promise<void> {
  await db.schema
    .createTable('item_tracking')
    .addColumn('item_id', c.id, (col) =>
      col.notNull().primaryKey().references('inventory_items.id'),
    )
    .addColumn('tracking', c.status, (col) => col.notNull())
    .addColumn('makes_lots', c.boolean, (col) => col.notNull())
    .addColumn('shelf_life_days', c.integer)
    .addColumn('pick_days_min', c.integer)
    .addColumn('abc_class', c.text)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addCheckConstraint(
      'item_tracking_is_known',
      sql`tracking in ('none', 'lot', 'serial', 'lot_and_serial')`,
    )
    .addCheckConstraint('item_abc_class', sql`abc_class in ('A', 'B', 'C')`)
    .addCheckConstraint('item_shelf_life', sql`shelf_life_days > 0 and pick_days_min >= 0`)
    .execute()
  await db.schema
    .createIndex('item_tracking_by_class')
    .on('item_tracking')
    .columns(['abc_class', 'item_id'])
    .execute()
}

async function createPlaces(db: Db, c: Columns): Promise<void> {
  await db.schema
    .createTable('zones')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
    .addColumn('code', c.text, (col) => col.notNull())
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('pick_sequence', c.integer, (col) => col.notNull())
    .addColumn('archived_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addUniqueConstraint('zones_by_code', ['location_id', 'code'])
    .execute()
  await db.schema
    .createTable('bins')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
    .addColumn('zone_id', c.id, (col) => col.references('zones.id'))
    .addColumn('code', c.text, (col) => col.notNull())
    .addColumn('scan_code', c.text, (col) => col.notNull())
    .addColumn('type', c.status, (col) => col.notNull())
    .addColumn('pick_sequence', c.integer, (col) => col.notNull())
    .addColumn('archived_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addUniqueConstraint('bins_by_code', ['location_id', 'code'])
    .addUniqueConstraint('bins_by_scan_code', ['scan_code'])
    .addCheckConstraint(
      'bin_type',
      sql`type in ('storage', 'picking', 'receiving', 'staging', 'returns', 'quarantine',
        'damaged', 'expired')`,
    )
    .execute()
  await db.schema
    .createIndex('bins_by_walk')
    .on('bins')
    .columns(['location_id', 'pick_sequence', 'code'])
    .execute()
  await db.schema.createIndex('bins_by_zone').on('bins').columns(['zone_id', 'code']).execute()
  await db.schema
    .createTable('binned_locations')
    .addColumn('location_id', c.id, (col) => col.notNull().primaryKey().references('locations.id'))
    .addColumn('binned_at', c.instant, (col) => col.notNull())
    .execute()
}

async function createLots(db: Db, c: Columns): Promise<void> {
  await db.schema
    .createTable('lots')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
    .addColumn('lot_number', c.text, (col) => col.notNull())
    .addColumn('lot_key', c.text, (col) => col.notNull())
    .addColumn('expires_on', c.text)
    .addColumn('made_on', c.text)
    .addColumn('supplier_lot', c.text)
    .addColumn('blocked_at', c.instant)
    .addColumn('blocked_reason', c.text)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addUniqueConstraint('lots_by_number', ['item_id', 'lot_key'])
    .execute()
  await db.schema
    .createIndex('lots_by_expiry')
    .on('lots')
    .columns(['expires_on', 'id'])
    .where(sql<boolean>`expires_on is not null`)
    .execute()
  await db.schema
    .createTable('lot_levels')
    .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
    .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
    .addColumn('state', c.status, (col) => col.notNull())
    .addColumn('spot', c.text, (col) => col.notNull())
    .addColumn('bin_id', c.id, (col) => col.references('bins.id'))
    .addColumn('lot_id', c.id, (col) => col.references('lots.id'))
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addPrimaryKeyConstraint('lot_levels_pkey', ['item_id', 'location_id', 'state', 'spot'])
    .addCheckConstraint('lot_level_is_not_negative', sql`quantity >= 0`)
    .addCheckConstraint(
      'lot_level_is_where_its_spot_says',
      sql`spot = coalesce(cast(bin_id as text), '') || '/' || coalesce(cast(lot_id as text), '')`,
    )
    .modifyEnd(c.keyed)
    .execute()
  await index(db, 'lot_levels', { by_lot: ['lot_id', 'location_id'] }, 'lot_id is not null')
  await index(db, 'lot_levels', { by_bin: ['bin_id', 'item_id'] }, 'bin_id is not null')
  await index(db, 'lot_levels', { by_location: ['location_id', 'item_id', 'state', 'spot'] })
  await db.schema
    .createTable('lot_movements')
    .addColumn('sequence', c.sequence, (col) => col.notNull().primaryKey())
    .addColumn('id', c.id, (col) => col.notNull().unique())
    .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
    .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
    .addColumn('state', c.status, (col) => col.notNull())
    .addColumn('bin_id', c.id, (col) => col.references('bins.id'))
    .addColumn('lot_id', c.id, (col) => col.references('lots.id'))
    .addColumn('quantity_delta', c.quantity, (col) => col.notNull())
    .addColumn('kind', c.text, (col) => col.notNull())
    .addColumn('reason', c.text)
    .addColumn('reference_type', c.text)
    .addColumn('reference_id', c.text)
    .addColumn('actor', c.text, (col) => col.notNull())
    .addColumn('occurred_at', c.instant, (col) => col.notNull())
    .addCheckConstraint('lot_movement_moves', sql`quantity_delta <> 0`)
    .execute()
  await index(db, 'lot_movements', { by_item: ['item_id', 'location_id', 'sequence'] })
  await index(db, 'lot_movements', { by_lot: ['lot_id', 'sequence'] }, 'lot_id is not null')
  await index(db, 'lot_movements', { by_reference: ['reference_id', 'reference_type'] })
}

async function createSerials(db: Db, c: Columns): Promise<void> {
  await db.schema
    .createTable('serials')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
    .addColumn('serial_number', c.text, (col) => col.notNull())
    .addColumn('serial_key', c.text, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('location_id', c.id, (col) => col.references('locations.id'))
    .addColumn('state', c.status)
    .addColumn('bin_id', c.id, (col) => col.references('bins.id'))
    .addColumn('lot_id', c.id, (col) => col.references('lots.id'))
    .addColumn('received_at', c.instant, (col) => col.notNull())
    .addColumn('blocked_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addUniqueConstraint('serials_by_number', ['item_id', 'serial_key'])
    .addCheckConstraint(
      'serial_status',
      sql`status in ('in_stock', 'shipped', 'in_transit', 'removed')`,
    )
    .addCheckConstraint(
      'serial_is_in_one_place_or_in_none',
      sql`(status = 'in_stock') = (location_id is not null)
        and (location_id is null) = (state is null) and (location_id is not null or bin_id is null)`,
    )
    .execute()
  await index(
    db,
    'serials',
    { in_stock: ['item_id', 'location_id', 'state', 'received_at', 'serial_key'] },
    `status = 'in_stock'`,
  )
  await index(db, 'serials', { by_key: ['serial_key', 'item_id'] })
  await index(db, 'serials', { by_lot: ['lot_id', 'id'] }, 'lot_id is not null')
  await index(db, 'serials', { by_bin: ['bin_id', 'item_id'] }, 'bin_id is not null')
  await db.schema
    .createTable('serial_moves')
    .addColumn('sequence', c.sequence, (col) => col.notNull().primaryKey())
    .addColumn('serial_id', c.id, (col) => col.notNull().references('serials.id'))
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('location_id', c.id, (col) => col.references('locations.id'))
    .addColumn('state', c.status)
    .addColumn('bin_id', c.id, (col) => col.references('bins.id'))
    .addColumn('is_assumed', c.boolean, (col) => col.notNull())
    .addColumn('kind', c.text, (col) => col.notNull())
    .addColumn('reason', c.text)
    .addColumn('reference_type', c.text)
    .addColumn('reference_id', c.text)
    .addColumn('actor', c.text, (col) => col.notNull())
    .addColumn('occurred_at', c.instant, (col) => col.notNull())
    .execute()
  await index(db, 'serial_moves', { by_serial: ['serial_id', 'sequence'] })
  await index(db, 'serial_moves', { by_reference: ['reference_id', 'reference_type'] })
}

async function createLinks(db: Db, c: Columns): Promise<void> {
  await db.schema
    .createTable('lot_links')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('made_lot_id', c.id, (col) => col.references('lots.id'))
    .addColumn('made_serial_id', c.id, (col) => col.references('serials.id'))
    .addColumn('used_lot_id', c.id, (col) => col.references('lots.id'))
    .addColumn('used_serial_id', c.id, (col) => col.references('serials.id'))
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('reference_type', c.text)
    .addColumn('reference_id', c.text)
    .addColumn('actor', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addCheckConstraint('lot_link_makes_one_thing', onlyOne('made_lot_id', 'made_serial_id'))
    .addCheckConstraint('lot_link_uses_one_thing', onlyOne('used_lot_id', 'used_serial_id'))
    .addCheckConstraint('lot_link_quantity', sql`quantity > 0`)
    .execute()
  for (const column of ['made_lot_id', 'made_serial_id', 'used_lot_id', 'used_serial_id']) {
    const name = `by_${column.replace('_id', '')}`
    await index(db, 'lot_links', { [name]: [column] }, `${column} is not null`)
  }
}

const onlyOne = (a: string, b: string) => sql`(${sql.ref(a)} is null) <> (${sql.ref(b)} is null)`

async function index(
  db: Db,
  table: string,
  named: Record<string, string[]>,
  where?: string,
): Promise<void> {
  for (const [name, columns] of Object.entries(named)) {
    const made = db.schema
      .createIndex(`${table}_${name}`)
      .on(table)
      .columns(columns as never)
    await (where ? made.where(sql<boolean>`${sql.raw(where)}` as never) : made).execute()
  }
}
