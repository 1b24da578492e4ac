import { sql } from 'kysely'
import { changeCheck } from '#platform/database/change-check'
import type { Migration } from '#platform/database/migrations'

/**
 * Every line counts what became of its units. What had left has left whole until now, and what was
 * cancelled was cancelled whole. A line that is taken out of an order stays, with no unit.
 */
export const countUnits: Migration = {
  async up(db, c) {
    await changeCheck(db, {
      table: 'orders',
      constraint: 'order_fulfillment_status',
      condition: sql`fulfillment_status in ('unfulfilled', 'partially_fulfilled', 'fulfilled')`,
    })
    await changeCheck(db, {
      table: 'order_lines',
      constraint: 'order_line_quantity',
      condition: sql`quantity >= 0`,
    })
    const orders = db.schema.alterTable('orders')
    await orders
      .addColumn('return_status', c.status, (col) =>
        col
          .notNull()
          .defaultTo('none')
          .check(sql`return_status in ('none', 'partially_returned', 'returned')`),
      )
      .execute()
    await orders
      .addColumn('cancelled_amount', c.amount, (col) =>
        col.notNull().defaultTo(0).check(sql`cancelled_amount between 0 and total_amount`),
      )
      .execute()
    const counters = {
      cancelled_quantity: sql`cancelled_quantity >= 0`,
      fulfilled_quantity: sql`fulfilled_quantity >= 0
        and cancelled_quantity + fulfilled_quantity <= quantity`,
      returned_quantity: sql`returned_quantity between 0 and fulfilled_quantity`,
    }
    for (const [name, isCounted] of Object.entries(counters)) {
      await db.schema
        .alterTable('order_lines')
        .addColumn(name, c.quantity, (col) => col.notNull().defaultTo(0).check(isCounted))
        .execute()
    }
    await db.schema
      .alterTable('order_lines')
      .addColumn('cancelled_amount', c.amount, (col) =>
        col
          .notNull()
          .defaultTo(0)
          .check(sql`cancelled_amount >= 0 and (cancelled_quantity > 0 or cancelled_amount = 0)`),
      )
      .execute()

    await sql`update orders set cancelled_amount = total_amount
      where cancelled_at is not null`.execute(db)
    await sql`update order_lines set cancelled_quantity = quantity,
        cancelled_amount = coalesce(gross_amount, total_amount - discount_amount)
      where order_id in (select id from orders where cancelled_at is not null)`.execute(db)
    await sql`update order_lines set fulfilled_quantity = quantity
      where order_id in (select id from orders
        where fulfillment_status = 'fulfilled' and cancelled_at is null)`.execute(db)
  },
}
