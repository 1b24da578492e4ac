import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const FIRST_RETURN_NUMBER = 1_000_001
const CONDITION = sql`condition in ('New', 'Used', 'Damaged', 'Defective')`

export const createReturns: Migration = {
  async up(db, c) {
    await createTerms(db, c)
    await db.schema
      .createTable('returns')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('reason', c.text, (col) => col.notNull())
      .addColumn('reason_id', c.id, (col) => col.references('return_reasons.id'))
      .addColumn('customer_notes', c.text)
      .addColumn('preferred_resolution', c.status, (col) => col.notNull())
      .addColumn('override_reason', c.text)
      .addColumn('label_paid_by', c.status, (col) => col.notNull())
      .addColumn('label_amount', c.amount, (col) => col.notNull())
      .addColumn('label_url', c.text)
      .addColumn('carrier', c.text)
      .addColumn('tracking_number', c.text)
      .addColumn('shipment_id', c.id)
      .addColumn('exchange_id', c.id)
      .addColumn('claim_id', c.id)
      .addColumn('status_reason', c.text)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('requested_by', c.text, (col) => col.notNull())
      .addColumn('approved_at', c.instant)
      .addColumn('received_at', c.instant)
      .addColumn('closed_at', c.instant)
      .addColumn('deleted_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'return_status',
        sql`status in ('Requested', 'Approved', 'PartiallyReceived', 'Received', 'Refunded',
          'Completed', 'Rejected', 'Cancelled')`,
      )
      .addCheckConstraint(
        'return_resolution',
        sql`preferred_resolution in ('refund', 'store_credit', 'exchange', 'none')`,
      )
      .addCheckConstraint('return_label_payer', sql`label_paid_by in ('shop', 'customer')`)
      .addCheckConstraint('return_label_amount', sql`label_amount >= 0`)
      .addCheckConstraint(
        'return_is_deleted_only_without_goods',
        sql`deleted_at is null or status in ('Requested', 'Rejected', 'Cancelled')`,
      )
      .execute()
    await createNumbers(db, c, 'returns', FIRST_RETURN_NUMBER)
    for (const column of ['order_id', 'customer_id', 'status', 'reason_id']) {
      await db.schema
        .createIndex(`returns_by_${column.replace('_id', '')}`)
        .on('returns')
        .columns([column, 'id'])
        .execute()
    }
    await createLines(db, c)
    await createGoods(db, c)
    await createMoney(db, c)
    await createRest(db, c)
  },
}

async function createTerms(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('return_reasons')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('code', c.text, (col) => col.notNull())
    .addColumn('code_key', c.text, (col) => col.notNull().unique())
    .addColumn('label', c.text, (col) => col.notNull())
    .addColumn('description', c.text)
    .addColumn('archived_at', c.instant)
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .execute()
  await db.schema
    .createTable('return_policies')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('reason_id', c.id, (col) => col.references('return_reasons.id'))
    .addColumn('category_id', c.id, (col) => col.references('categories.id'))
    .addColumn('priority', c.integer, (col) => col.notNull())
    .addColumn('is_returnable', c.boolean, (col) => col.notNull())
    .addColumn('window_days', c.integer)
    .addColumn('label_paid_by', c.status)
    .addColumn('fee_ppm', c.integer)
    .addColumn('fee_unit_amount', c.amount)
    .addColumn('fee_currency', c.text)
    .addColumn('archived_at', c.instant)
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addCheckConstraint('return_policy_window', sql`window_days >= 0`)
    .addCheckConstraint('return_policy_payer', sql`label_paid_by in ('shop', 'customer')`)
    .addCheckConstraint('return_policy_fee', sql`fee_ppm between 0 and 1000000`)
    .addCheckConstraint(
      'return_policy_unit_fee',
      sql`fee_unit_amount >= 0 and (fee_unit_amount is null) = (fee_currency is null)`,
    )
    .execute()
}

async function createLines(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('return_lines')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('return_id', c.id, (col) => col.notNull().references('returns.id'))
    .addColumn('position', c.integer, (col) => col.notNull())
    .addColumn('order_line_id', c.id, (col) => col.notNull().references('order_lines.id'))
    .addColumn('product_id', c.id, (col) => col.notNull())
    .addColumn('item_id', c.id, (col) => col.references('inventory_items.id'))
    .addColumn('sku', c.text, (col) => col.notNull())
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('held_quantity', c.quantity, (col) => col.notNull())
    .addColumn('received_quantity', c.quantity, (col) => col.notNull())
    .addColumn('over_quantity', c.quantity, (col) => col.notNull())
    .addColumn('restocked_quantity', c.quantity, (col) => col.notNull())
    .addColumn('quarantined_quantity', c.quantity, (col) => col.notNull())
    .addColumn('scrapped_quantity', c.quantity, (col) => col.notNull())
    .addColumn('sent_back_quantity', c.quantity, (col) => col.notNull())
    .addColumn('accepted_quantity', c.quantity, (col) => col.notNull())
    .addColumn('reason_id', c.id, (col) => col.references('return_reasons.id'))
    .addColumn('reason', c.text)
    .addColumn('reported_condition', c.status)
    .addColumn('fee_ppm', c.integer, (col) => col.notNull())
    .addColumn('fee_unit_amount', c.amount, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addCheckConstraint(
      'return_line_condition',
      sql`reported_condition in ('New', 'Used', 'Damaged', 'Defective')`,
    )
    .addCheckConstraint('return_line_quantity', sql`quantity > 0 and held_quantity >= 0`)
    .addCheckConstraint(
      'return_line_over_receipt_is_said',
      sql`over_quantity >= 0 and received_quantity between 0 and quantity + over_quantity`,
    )
    .addCheckConstraint(
      'return_line_units_become_one_thing',
      sql`restocked_quantity >= 0 and quarantined_quantity >= 0 and scrapped_quantity >= 0
        and sent_back_quantity >= 0 and restocked_quantity + quarantined_quantity
          + scrapped_quantity + sent_back_quantity <= received_quantity`,
    )
    .addCheckConstraint(
      'return_line_accepted',
      sql`accepted_quantity between 0 and restocked_quantity + quarantined_quantity
        + scrapped_quantity`,
    )
    .addCheckConstraint(
      'return_line_fee',
      sql`fee_ppm between 0 and 1000000 and fee_unit_amount >= 0`,
    )
    .execute()
  await db.schema
    .createIndex('return_lines_by_return')
    .on('return_lines')
    .columns(['return_id', 'order_line_id'])
    .unique()
    .execute()
  await index(db, 'return_lines_by_order_line', ['return_lines', 'order_line_id', 'held_quantity'])
}

async function createGoods(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('return_receipts')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('return_id', c.id, (col) => col.notNull().references('returns.id'))
    .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
    .addColumn('note', c.text)
    .addColumn('received_by', c.text, (col) => col.notNull())
    .addColumn('received_at', c.instant, (col) => col.notNull())
    .execute()
  await index(db, 'return_receipts_by_return', ['return_receipts', 'return_id', 'id'])
  await db.schema
    .createTable('return_receipt_lines')
    .addColumn('receipt_id', c.id, (col) => col.notNull().references('return_receipts.id'))
    .addColumn('return_line_id', c.id, (col) => col.notNull().references('return_lines.id'))
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('waiting_quantity', c.quantity, (col) => col.notNull())
    .addColumn('condition', c.status, (col) => col.check(CONDITION))
    .addColumn('lots', c.json)
    .addPrimaryKeyConstraint('return_receipt_lines_pkey', ['receipt_id', 'return_line_id'])
    .addCheckConstraint(
      'return_receipt_line_waiting',
      sql`quantity > 0 and waiting_quantity between 0 and quantity`,
    )
    .execute()
  await index(db, 'return_receipt_lines_by_line', ['return_receipt_lines', 'return_line_id'])
  await db.schema
    .createTable('return_dispositions')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('return_id', c.id, (col) => col.notNull().references('returns.id'))
    .addColumn('return_line_id', c.id, (col) => col.notNull().references('return_lines.id'))
    .addColumn('receipt_id', c.id, (col) => col.notNull().references('return_receipts.id'))
    .addColumn('disposition', c.status, (col) => col.notNull())
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('accepted_quantity', c.quantity, (col) => col.notNull())
    .addColumn('location_id', c.id, (col) => col.references('locations.id'))
    .addColumn('state', c.status)
    .addColumn('condition', c.status, (col) => col.check(CONDITION))
    .addColumn('note', c.text)
    .addColumn('inspected_by', c.text, (col) => col.notNull())
    .addColumn('inspected_at', c.instant, (col) => col.notNull())
    .addCheckConstraint(
      'return_disposition',
      sql`disposition in ('restock', 'quarantine', 'scrap', 'send_back')`,
    )
    .addCheckConstraint(
      'return_disposition_quantity',
      sql`quantity > 0 and accepted_quantity between 0 and quantity
        and (disposition <> 'send_back' or accepted_quantity = 0)`,
    )
    .execute()
  await index(db, 'return_dispositions_by_return', ['return_dispositions', 'return_id', 'id'])
}

async function createMoney(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('return_refunds')
    .addColumn('order_refund_id', c.id, (col) =>
      col.notNull().primaryKey().references('order_refunds.id'),
    )
    .addColumn('return_id', c.id, (col) => col.notNull().references('returns.id'))
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addColumn('restocking_fee_amount', c.amount, (col) => col.notNull())
    .addColumn('label_fee_amount', c.amount, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addCheckConstraint(
      'return_refund_status',
      sql`status in ('pending', 'succeeded', 'partly_failed', 'failed')`,
    )
    .addCheckConstraint(
      'return_refund_amount',
      sql`amount >= 0 and restocking_fee_amount >= 0 and label_fee_amount >= 0`,
    )
    .execute()
  await index(db, 'return_refunds_by_return', ['return_refunds', 'return_id', 'order_refund_id'])
  await db.schema
    .createTable('return_refund_lines')
    .addColumn('order_refund_id', c.id, (col) =>
      col.notNull().references('return_refunds.order_refund_id'),
    )
    .addColumn('return_line_id', c.id, (col) => col.notNull().references('return_lines.id'))
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addColumn('fee_amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('return_refund_lines_pkey', ['order_refund_id', 'return_line_id'])
    .addCheckConstraint(
      'return_refund_line_amount',
      sql`quantity > 0 and fee_amount between 0 and amount`,
    )
    .modifyEnd(c.keyed)
    .execute()
  await index(db, 'return_refund_lines_by_line', ['return_refund_lines', 'return_line_id'])
}

async function createRest(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('return_notes')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('return_id', c.id, (col) => col.notNull().references('returns.id'))
    .addColumn('note_type', c.status, (col) => col.notNull())
    .addColumn('content', c.text, (col) => col.notNull())
    .addColumn('is_visible_to_customer', c.boolean, (col) => col.notNull())
    .addColumn('created_by', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addCheckConstraint('return_note_type', sql`note_type in ('Internal', 'Customer', 'System')`)
    .addCheckConstraint(
      'return_note_internal_is_hidden',
      sql`note_type <> 'Internal' or not is_visible_to_customer`,
    )
    .execute()
  await index(db, 'return_notes_by_return', ['return_notes', 'return_id', 'id'])
  await db.schema
    .createTable('order_deliveries')
    .addColumn('order_id', c.id, (col) => col.notNull().primaryKey().references('orders.id'))
    .addColumn('delivered_at', c.instant, (col) => col.notNull())
    .modifyEnd(c.keyed)
    .execute()
  // What arrived before the window was counted: its last change is the best that is known.
  await sql`insert into order_deliveries (order_id, delivered_at)
    select id, updated_at from orders where status = 'delivered'`.execute(db)
}

/** An index of a table, which is named first, on its columns. */
const index = (db: Kysely<any>, name: string, [table, ...columns]: [string, ...string[]]) =>
  db.schema.createIndex(name).on(table).columns(columns).execute()
