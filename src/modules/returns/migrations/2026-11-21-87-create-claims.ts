import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const FIRST_CLAIM_NUMBER = 1_000_001

export const createClaims: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('claims')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('description', c.text, (col) => col.notNull())
      .addColumn('evidence', c.json, (col) => col.notNull())
      .addColumn('remedy', c.status)
      .addColumn('goods', c.status)
      .addColumn('remedy_amount', c.amount)
      .addColumn('return_id', c.id, (col) => col.references('returns.id'))
      .addColumn('order_refund_id', c.id, (col) => col.references('order_refunds.id'))
      .addColumn('out_order_id', c.id, (col) => col.references('orders.id'))
      .addColumn('status_reason', c.text)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('submitted_by', c.text, (col) => col.notNull())
      .addColumn('decided_at', c.instant)
      .addColumn('closed_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'claim_status',
        sql`status in ('submitted', 'approved', 'resolved', 'rejected', 'cancelled')`,
      )
      .addCheckConstraint(
        'claim_remedy',
        sql`remedy in ('refund', 'store_credit', 'replacement', 'none')`,
      )
      .addCheckConstraint('claim_goods', sql`goods in ('stay', 'return')`)
      .addCheckConstraint(
        'claim_is_decided_when_it_says_so',
        sql`(status in ('approved', 'resolved')) = (remedy is not null)
          and (remedy is null) = (goods is null)`,
      )
      .addCheckConstraint(
        'claim_amount',
        sql`remedy_amount is null or (remedy_amount > 0 and remedy in ('refund', 'store_credit'))`,
      )
      .execute()
    await createNumbers(db, c, 'claims', FIRST_CLAIM_NUMBER)
    for (const column of ['order_id', 'customer_id', 'status']) {
      await db.schema
        .createIndex(`claims_by_${column.replace('_id', '')}`)
        .on('claims')
        .columns([column, 'id'])
        .execute()
    }
    await db.schema
      .createTable('claim_lines')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('claim_id', c.id, (col) => col.notNull().references('claims.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('order_line_id', c.id, (col) => col.notNull().references('order_lines.id'))
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('kept_quantity', c.quantity, (col) => col.notNull())
      .addColumn('problem', c.status, (col) => col.notNull())
      .addColumn('note', c.text)
      .addCheckConstraint(
        'claim_line_quantity',
        sql`quantity > 0 and kept_quantity between 0 and quantity`,
      )
      .addCheckConstraint(
        'claim_line_problem',
        sql`problem in ('missing', 'damaged', 'wrong_item', 'defective', 'other')`,
      )
      .execute()
    await db.schema
      .createIndex('claim_lines_by_claim')
      .on('claim_lines')
      .columns(['claim_id', 'order_line_id'])
      .unique()
      .execute()
    await db.schema
      .createIndex('claim_lines_by_order_line')
      .on('claim_lines')
      .columns(['order_line_id', 'kept_quantity'])
      .execute()
  },
}
