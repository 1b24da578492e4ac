import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const createRecalls: Migration = {
  async up(db, c) {
    await createNumbers(db, c, 'recalls')
    await db.schema
      .createTable('recalls')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
      .addColumn('title', c.text, (col) => col.notNull())
      .addColumn('instructions', c.text)
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('closed_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('recall_status', sql`status in ('open', 'closed')`)
      .execute()
    await db.schema
      .createIndex('recalls_by_status')
      .on('recalls')
      .columns(['status', 'id'])
      .execute()
    await db.schema
      .createIndex('recalls_by_item')
      .on('recalls')
      .columns(['item_id', 'id'])
      .execute()
    await db.schema
      .createTable('recall_lots')
      .addColumn('recall_id', c.id, (col) => col.notNull().references('recalls.id'))
      .addColumn('lot_id', c.id, (col) => col.notNull().references('lots.id'))
      .addPrimaryKeyConstraint('recall_lots_pkey', ['recall_id', 'lot_id'])
      .modifyEnd(c.keyed)
      .execute()
    await db.schema.createIndex('recall_lots_by_lot').on('recall_lots').column('lot_id').execute()
    await db.schema
      .createTable('recall_serials')
      .addColumn('recall_id', c.id, (col) => col.notNull().references('recalls.id'))
      .addColumn('serial_id', c.id, (col) => col.notNull().references('serials.id'))
      .addPrimaryKeyConstraint('recall_serials_pkey', ['recall_id', 'serial_id'])
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createIndex('recall_serials_by_serial')
      .on('recall_serials')
      .column('serial_id')
      .execute()
    await db.schema
      .createTable('recall_contacts')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('recall_id', c.id, (col) => col.notNull().references('recalls.id'))
      .addColumn('reference_type', c.text, (col) => col.notNull())
      .addColumn('reference_id', c.text, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('returned_quantity', c.quantity, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('note', c.text)
      .addColumn('contacted_at', c.instant)
      .addColumn('settled_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addUniqueConstraint('recall_contacts_once', ['recall_id', 'reference_id', 'reference_type'])
      .addCheckConstraint(
        'recall_contact_status',
        sql`status in ('pending', 'contacted', 'returned', 'written_off')`,
      )
      .addCheckConstraint(
        'recall_contact_returns_what_it_got',
        sql`quantity > 0 and returned_quantity between 0 and quantity`,
      )
      .execute()
    await db.schema
      .createIndex('recall_contacts_by_status')
      .on('recall_contacts')
      .columns(['recall_id', 'status', 'id'])
      .execute()
  },
}
