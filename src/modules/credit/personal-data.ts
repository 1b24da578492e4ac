import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { contactsOf, type PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
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

const NOBODY = { recipient_name: null, recipient_email: null, message: null }

/** The gift cards that others have bought for a person, who is known by their e-mail alone. */
export const personalDataOfRecipients: PersonalData = {
  name: 'gift_cards_received',

  async exportOf(ctx, customer_id) {
    const email = (await contactsOf(ctx, [customer_id])).get(customer_id)?.email
    if (!email) return []
    const cards = await db(ctx)
      .selectFrom('gift_cards as g')
      .innerJoin('credit_accounts as a', 'a.id', 'g.account_id')
      .select(['g.recipient_email', 'g.recipient_name', 'g.initial_amount', 'a.currency'])
      .select(['a.created_at'])
      .where('g.recipient_email', '=', email)
      .orderBy('a.id', 'desc')
      .limit(EXPORTED_MAX)
      .execute()
    // The message is the words of whoever gave it: it was mailed, and is not theirs to have anew.
    return cards.map(({ initial_amount, ...card }) => ({
      ...card,
      initial_amount: formatMoney(initial_amount, card.currency),
    }))
  },

  async erase(ctx, _customer_id, email) {
    if (email === undefined) return
    await db(ctx)
      .updateTable('gift_cards')
      .set(NOBODY)
      .where('recipient_email', '=', email)
      .execute()
  },
}

/** Forgets whom these cards were for: their buyer is erased, who had named them. */
export async function forgetRecipients(
  ctx: Context,
  accounts: readonly Id<'credit_account'>[],
): Promise<void> {
  if (accounts.length === 0) return
  await db(ctx).updateTable('gift_cards').set(NOBODY).where('account_id', 'in', accounts).execute()
}
