import { formatMoney } from '#kit/money'
import type { PersonalData } from '#modules/customers'
import { db } from './tables.ts'

/** Kept long enough that the newest are all that a person can want to read. */
const EXPORTED_MAX = 10_000

/**
 * What credit keeps about customers: their balances and statements, and who a gift card was for.
 * Amounts, dates and orders remain in the books.
 */
export const personalDataOfCredit: PersonalData = {
  name: 'credit',

  async exportOf(ctx, customer_id) {
    const entries = await db(ctx)
      .selectFrom('credit_entries as e')
      .innerJoin('credit_accounts as a', 'a.id', 'e.account_id')
      .select(['a.kind as account', 'a.currency', 'e.account_id', 'e.kind', 'e.amount'])
      .select(['e.balance_amount', 'e.order_id', 'e.reason', 'e.created_at'])
      .where('a.customer_id', '=', customer_id)
      .orderBy('e.id', 'desc')
      .limit(EXPORTED_MAX)
      .execute()
    return entries.map(({ amount, balance_amount, ...entry }) => ({
      ...entry,
      amount: formatMoney(amount, entry.currency),
      balance: formatMoney(balance_amount, entry.currency),
    }))
  },

  async erase(ctx, customer_id) {
    const own = db(ctx)
      .selectFrom('credit_accounts')
      .select('id')
      .where('customer_id', '=', customer_id)
    await db(ctx)
      .updateTable('gift_cards')
      .set({ recipient_name: null, recipient_email: null, message: null, note: null })
      .where('account_id', 'in', own)
      .execute()
    await db(ctx)
      .updateTable('credit_entries')
      .set({ reason: null })
      .where('account_id', 'in', own)
      .execute()
  },
}
