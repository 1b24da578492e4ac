import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

const FATES = ['shipped_quantity', 'received_quantity', 'lost_quantity', 'returned_quantity']
const CONSERVED = sql`received_quantity + lost_quantity + returned_quantity <= shipped_quantity
  and shipped_quantity <= quantity and received_quantity >= 0 and lost_quantity >= 0
  and returned_quantity >= 0`

export const createTransfers: Migration = {
  async up(db, c) {
    await createNumbers(db, c, 'transfers')
    let transfers = db.schema
      .createTable('transfers')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('from_location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('to_location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('reference', c.text)
      .addColumn('notes', c.text)
      .addColumn('expected_at', c.instant)
      .addColumn('line_count', c.integer, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
    for (const name of FATES)
      transfers = transfers.addColumn(name, c.quantity, (col) => col.notNull())
    await transfers
      .addColumn('dispatched_at', c.instant)
      .addColumn('received_at', c.instant)
      .addColumn('cancelled_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'transfer_status',
        sql`status in ('draft', 'in_transit', 'received', 'cancelled')`,
      )
      .addCheckConstraint('transfer_goes_elsewhere', sql`from_location_id <> to_location_id`)
      .addCheckConstraint('transfer_conserves', CONSERVED)
      .execute()
    await index(db, 'transfers_by_status', 'transfers', ['status', 'id'])
    await index(db, 'transfers_by_origin', 'transfers', ['from_location_id', 'id'])
    await index(db, 'transfers_by_destination', 'transfers', ['to_location_id', 'id'])
    await createLines(db, c)
  },
}

const createLines: Migration['up'] = async (db, c) => {
  let lines = db.schema
    .createTable('transfer_lines')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('transfer_id', c.id, (col) => col.notNull().references('transfers.id'))
    .addColumn('position', c.integer, (col) => col.notNull())
    .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
    .addColumn('quantity', c.quantity, (col) => col.notNull())
  for (const name of FATES) lines = lines.addColumn(name, c.quantity, (col) => col.notNull())
  await lines
    .addCheckConstraint('transfer_line_quantity', sql`quantity > 0`)
    .addCheckConstraint('transfer_line_conserves', CONSERVED)
    .execute()
  await db.schema
    .createIndex('transfer_lines_in_order')
    .on('transfer_lines')
    .columns(['transfer_id', 'position'])
    .unique()
    .execute()
  await db.schema
    .createIndex('transfer_lines_by_item')
    .on('transfer_lines')
    .columns(['item_id', 'transfer_id'])
    .unique()
    .execute()

  await db.schema
    .createTable('transfer_receipts')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('transfer_id', c.id, (col) => col.notNull().references('transfers.id'))
    .addColumn('notes', c.text)
    .addColumn('actor', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .execute()
  await index(db, 'transfer_receipts_by_transfer', 'transfer_receipts', ['transfer_id', 'id'])
  await createReceiptLines(db, c)
}

const createReceiptLines: Migration['up'] = async (db, c) => {
  await db.schema
    .createTable('transfer_receipt_lines')
    .addColumn('receipt_id', c.id, (col) => col.notNull().references('transfer_receipts.id'))
    .addColumn('position', c.integer, (col) => col.notNull())
    .addColumn('transfer_line_id', c.id, (col) => col.notNull().references('transfer_lines.id'))
    .addColumn('fate', c.status, (col) => col.notNull())
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('state', c.status)
    .addColumn('reason', c.text)
    .addPrimaryKeyConstraint('transfer_receipt_lines_pkey', ['receipt_id', 'position'])
    .addCheckConstraint('transfer_receipt_quantity', sql`quantity > 0`)
    .addCheckConstraint('transfer_receipt_fate', sql`fate in ('received', 'lost', 'returned')`)
    .addCheckConstraint('transfer_loss_has_a_reason', sql`fate <> 'lost' or reason is not null`)
    .addCheckConstraint('transfer_arrival_has_a_state', sql`(fate = 'lost') = (state is null)`)
    .modifyEnd(c.keyed)
    .execute()
  await index(db, 'transfer_receipt_lines_by_line', 'transfer_receipt_lines', ['transfer_line_id'])
}

type Schema = Parameters<Migration['up']>[0]

async function index(db: Schema, name: string, table: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(name).on(table).columns(columns).execute()
}
