import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

const KINDS = sql`kind in ('received', 'adjusted', 'shipped', 'returned', 'transferred_out',
  'transferred_in', 'counted', 'moved', 'scrapped')`
const STATES = sql`('sellable', 'quarantine', 'damaged', 'expired')`
const STATUSES = sql`status in ('pending', 'confirmed', 'consumed', 'released', 'cancelled',
  'expired')`
// What waits for stock has no shelf yet, and what left had one.
const HAS_SHELF = sql`location_id is not null or status <> 'consumed'`

/**
 * Safety stock and reorder points by shelf, limits of what may be sold ahead of stock, promises
 * that wait for a shelf, more kinds of movements, and units that are not for sale.
 */
export const widenInventory: Migration = {
  async up(db, c) {
    await addColumns(db, c)
    if (c.engine === 'postgres') await alterInPlace(db, c)
    else {
      await rebuildReservations(db, c)
      await rebuildMovements(db, c)
    }
    await db.schema
      .createTable('stock_states')
      .addColumn('item_id', c.id, (col) => col.notNull())
      .addColumn('location_id', c.id, (col) => col.notNull())
      .addColumn('state', c.status, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('stock_states_pkey', ['item_id', 'location_id', 'state'])
      .addForeignKeyConstraint('stock_state_of_level', ['item_id', 'location_id'], 'stock_levels', [
        'item_id',
        'location_id',
      ])
      .addCheckConstraint('stock_state', sql`state in ${STATES} and state <> 'sellable'`)
      .addCheckConstraint('stock_state_is_never_below_zero', sql`quantity >= 0`)
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createIndex('stock_states_by_location')
      .on('stock_states')
      .columns(['location_id', 'state', 'item_id'])
      .execute()
    await sql`update stock_levels set low_at = (
      select reorder_point from inventory_items where id = stock_levels.item_id)`.execute(db)
  },
}

async function addColumns(db: Kysely<any>, c: Columns): Promise<void> {
  const levels = db.schema.alterTable('stock_levels')
  await levels
    .addColumn('safety_stock', c.quantity, (col) =>
      col.notNull().defaultTo(0).check(sql`safety_stock >= 0`),
    )
    .execute()
  for (const name of ['reorder_point', 'reorder_quantity', 'low_at']) {
    await levels.addColumn(name, c.quantity).execute()
  }
  const items = db.schema.alterTable('inventory_items')
  await items
    .addColumn('reorder_quantity', c.quantity, (col) => col.check(sql`reorder_quantity > 0`))
    .execute()
  for (const name of ['backorder_limit', 'backordered']) {
    await items
      .addColumn(name, c.quantity, (col) =>
        col
          .notNull()
          .defaultTo(0)
          .check(sql`${sql.ref(name)} >= 0`),
      )
      .execute()
  }
  await items.addColumn('preorder_until', c.instant).execute()
  await items
    .addColumn('lead_time_days', c.integer, (col) => col.check(sql`lead_time_days >= 0`))
    .execute()
  await db.schema
    .createIndex('inventory_items_that_wait')
    .on('inventory_items')
    .column('id')
    .where(sql`backordered > 0` as never)
    .execute()
}

async function alterInPlace(db: Kysely<any>, c: Columns): Promise<void> {
  await sql`alter table reservations alter column location_id drop not null`.execute(db)
  const reservations = db.schema.alterTable('reservations')
  await reservations.addColumn('why', c.status).execute()
  await reservations.addColumn('promised_at', c.instant).execute()
  await reservations.addCheckConstraint('consumed_reservation_has_shelf', HAS_SHELF).execute()

  const movements = db.schema.alterTable('stock_movements')
  await movements.addColumn('lots', c.json).execute()
  await movements.addColumn('unit_cost_amount', c.amount).execute()
  await movements.addColumn('currency', c.text).execute()
  await movements.dropConstraint('movement_kind').execute()
  await movements.addCheckConstraint('movement_kind', KINDS).execute()
  await movements
    .addCheckConstraint(
      'movement_states',
      sql`coalesce(state_from, 'sellable') in ${STATES}
        and coalesce(state_to, 'sellable') in ${STATES}`,
    )
    .execute()
}

// SQLite cannot change a constraint: there the tables are made anew.
async function rebuildReservations(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('reservations_next')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('reference_type', c.text, (col) => col.notNull())
    .addColumn('reference_id', c.text, (col) => col.notNull())
    .addColumn('item_id', c.id, (col) => col.notNull())
    .addColumn('location_id', c.id)
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('expires_at', c.instant)
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addColumn('why', c.status)
    .addColumn('promised_at', c.instant)
    .addForeignKeyConstraint('reservation_of_level', ['item_id', 'location_id'], 'stock_levels', [
      'item_id',
      'location_id',
    ])
    .addCheckConstraint('reservation_quantity', sql`quantity > 0`)
    .addCheckConstraint('reservation_status', STATUSES)
    .addCheckConstraint('consumed_reservation_has_shelf', HAS_SHELF)
    .execute()
  const kept = sql`id, reference_type, reference_id, item_id, location_id, quantity, status,
    expires_at, created_at, updated_at`
  await sql`insert into reservations_next (${kept}) select ${kept} from reservations`.execute(db)
  await db.schema.dropTable('reservations').execute()
  await db.schema.alterTable('reservations_next').renameTo('reservations').execute()
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
}

async function rebuildMovements(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('stock_movements_next')
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
    .addColumn('lots', c.json)
    .addColumn('unit_cost_amount', c.amount)
    .addColumn('currency', c.text)
    .addCheckConstraint('movement_quantity', sql`quantity > 0`)
    .addCheckConstraint('movement_kind', KINDS)
    .addCheckConstraint(
      'movement_goes_somewhere',
      sql`coalesce(state_from, '') <> coalesce(state_to, '')`,
    )
    .addCheckConstraint(
      'movement_states',
      sql`coalesce(state_from, 'sellable') in ${STATES}
        and coalesce(state_to, 'sellable') in ${STATES}`,
    )
    .execute()
  const kept = sql`sequence, id, item_id, location_id, kind, state_from, state_to, quantity, reason,
    reference_type, reference_id, actor, occurred_at, posted_at`
  const copy = sql`insert into stock_movements_next (${kept}) select ${kept} from stock_movements`
  await copy.execute(db)
  await db.schema.dropTable('stock_movements').execute()
  await db.schema.alterTable('stock_movements_next').renameTo('stock_movements').execute()
  await db.schema
    .createIndex('stock_movements_by_item')
    .on('stock_movements')
    .columns(['item_id', 'location_id', 'sequence'])
    .execute()
}
