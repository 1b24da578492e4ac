import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** A payment may give a part of what it took to another order, as a payment of its own. */
export const dividePaymentRows: Migration = {
  async up(db, c) {
    const payments = () => db.schema.alterTable('payments')
    await payments()
      .addColumn('parted_amount', c.amount, (col) =>
        col
          .notNull()
          .defaultTo(0)
          .check(sql`parted_amount >= 0 and refunded_amount + parted_amount <= captured_amount`),
      )
      .execute()
    await payments()
      .addColumn('part_of_id', c.id, (col) => col.references('payments.id'))
      .execute()
    await payments()
      .addColumn('part_of_ref', c.text, (col) =>
        col.check(sql`(part_of_ref is null) = (part_of_id is null)
          and (part_of_ref is null or (provider_ref is null and captured_amount = amount))`),
      )
      .execute()
    await db.schema
      .createIndex('payments_by_part_of_ref')
      .on('payments')
      .columns(['provider', 'part_of_ref'])
      .where(sql.ref('part_of_ref'), 'is not', null)
      .execute()
  },
}
