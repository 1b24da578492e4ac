import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const FIRST_DRAFT_NUMBER = 1_001

export const createDrafts: Migration = {
  async up(db, c) {
    await createNumbers(db, c, 'drafts', FIRST_DRAFT_NUMBER)
    await db.schema
      .createTable('drafts')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('email', c.text)
      .addColumn('shipping_address', c.json)
      .addColumn('billing_address', c.json)
      .addColumn('shipping', c.json)
      .addColumn('discount', c.json)
      .addColumn('note', c.text)
      .addColumn('staff_note', c.text)
      .addColumn('reserves', c.boolean, (col) => col.notNull())
      .addColumn('expires_at', c.instant)
      .addColumn('offer', c.json)
      .addColumn('token_hash', c.text)
      .addColumn('sent_at', c.instant)
      .addColumn('order_id', c.id, (col) => col.references('orders.id'))
      .addColumn('placed_by', c.text)
      .addColumn('payable_until', c.instant)
      .addColumn('ended_at', c.instant)
      .addColumn('created_by', c.text, (col) => col.notNull())
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'draft_status',
        sql`status in ('open', 'sent', 'completed', 'cancelled', 'expired')`,
      )
      .addCheckConstraint(
        'draft_that_is_sent_has_an_offer',
        sql`status <> 'sent' or (offer is not null and token_hash is not null)`,
      )
      .addCheckConstraint('draft_is_open_without_link', sql`status <> 'open' or token_hash is null`)
      .addCheckConstraint(
        'draft_that_is_completed_names_its_order',
        sql`(status = 'completed') = (order_id is not null)
          and (order_id is null) = (placed_by is null)`,
      )
      .addCheckConstraint('draft_placed_by', sql`placed_by in ('staff', 'buyer')`)
      .addCheckConstraint('draft_reserves_for_a_time', sql`not reserves or expires_at is not null`)
      .execute()
    const index = (name: string, columns: readonly string[], where?: ReturnType<typeof sql>) => {
      const made = db.schema
        .createIndex(name)
        .on('drafts')
        .columns([...columns])
      return (where ? made.where(where as never) : made).execute()
    }
    await index('drafts_by_status', ['status', 'id'])
    await index('drafts_by_customer', ['customer_id', 'id'])
    await index('drafts_that_expire', ['expires_at', 'id'], sql`status in ('open', 'sent')`)
    await index(
      'drafts_that_wait_for_money',
      ['payable_until', 'id'],
      sql`payable_until is not null`,
    )
    await db.schema
      .createIndex('drafts_by_token')
      .on('drafts')
      .column('token_hash')
      .unique()
      .where(sql`token_hash is not null` as never)
      .execute()

    await db.schema
      .createTable('draft_lines')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('draft_id', c.id, (col) => col.notNull().references('drafts.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('variant_id', c.id, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('unit_amount', c.amount)
      .addColumn('discount', c.json)
      .addCheckConstraint('draft_line_quantity', sql`quantity > 0`)
      .addCheckConstraint('draft_line_price', sql`unit_amount >= 0`)
      .execute()
    await db.schema
      .createIndex('draft_lines_by_draft')
      .on('draft_lines')
      .columns(['draft_id', 'position'])
      .unique()
      .execute()
  },
}
