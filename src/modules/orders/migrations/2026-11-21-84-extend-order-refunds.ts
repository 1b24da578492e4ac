import { sql } from 'kysely'
import { changeCheck } from '#platform/database/change-check'
import type { Migration } from '#platform/database/migrations'

/**
 * A refund may keep a fee back, be given as store credit, belong to a return or a claim, and be
 * tried again. One whose fee is all that would have gone back moves no money.
 */
export const extendOrderRefunds: Migration = {
  async up(db, c) {
    const refunds = db.schema.alterTable('order_refunds')
    for (const name of ['fee_amount', 'credit_amount']) {
      const isAmount = sql`${sql.ref(name)} >= 0`
      await refunds
        .addColumn(name, c.amount, (col) => col.notNull().defaultTo(0).check(isAmount))
        .execute()
    }
    // Returns and claims stand above, so nothing refers to them from here.
    await refunds.addColumn('return_id', c.id).execute()
    await refunds.addColumn('claim_id', c.id).execute()
    await changeCheck(db, {
      table: 'order_refunds',
      constraint: 'order_refund_amount',
      condition: sql`amount >= 0 and items_amount >= 0 and shipping_amount >= 0
        and goodwill_amount >= 0 and (amount > 0 or fee_amount > 0) and credit_amount <= amount
        and amount = items_amount + shipping_amount + goodwill_amount - fee_amount`,
    })
    for (const name of ['return_id', 'claim_id']) {
      await db.schema
        .createIndex(`order_refunds_by_${name.replace('_id', '')}`)
        .on('order_refunds')
        .column(name)
        .where(sql`${sql.ref(name)} is not null` as never)
        .execute()
    }
    const parts = db.schema.alterTable('order_refund_parts')
    await parts.addColumn('retried_by', c.id).execute()
    await parts.addColumn('retried_at', c.instant).execute()
  },
}
