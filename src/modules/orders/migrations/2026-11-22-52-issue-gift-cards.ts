import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** The gift cards that units of orders became: one for each unit of a line, for ever. */
export const issueGiftCards: Migration = {
  async up(db, c) {
    await db.schema
      .alterTable('orders')
      .addColumn('has_gift_cards', c.boolean, (col) => col.notNull().defaultTo(sql`false`))
      .execute()
    await db.schema
      .createTable('order_gift_cards')
      .addColumn('order_line_id', c.id, (col) => col.notNull().references('order_lines.id'))
      .addColumn('unit', c.integer, (col) => col.notNull())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('account_id', c.id, (col) => col.notNull().references('credit_accounts.id'))
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('voided_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('order_gift_cards_one_a_unit', ['order_line_id', 'unit'])
      .addUniqueConstraint('order_gift_cards_by_account', ['account_id'])
      .addCheckConstraint('order_gift_card_unit', sql`unit >= 1`)
      .addCheckConstraint('order_gift_card_amount', sql`amount > 0`)
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createIndex('order_gift_cards_by_order')
      .on('order_gift_cards')
      .column('order_id')
      .execute()
  },
}
