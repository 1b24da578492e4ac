import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import type { PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
import { eraseFromEvents } from '#platform/erasure'
import { shownMeans } from './means.ts'
import { db } from './tables.ts'

/** Kept long enough that the newest are all that a person can want to read. */
const EXPORTED_MAX = 10_000

/**
 * What payments keep about customers: what was written beside them, the provider's token of their
 * card, and what the provider sent. Amounts, dates and references remain in the books.
 */
export const paymentPersonalData: PersonalData = {
  name: 'payments',

  async exportOf(ctx, customer_id) {
    const payments = await db(ctx)
      .selectFrom('payments')
      .select(['id', 'order_id', 'provider', 'provider_ref', 'method', 'payment_method_id'])
      .select(['description', 'currency', 'amount', 'status', 'created_at'])
      .where('customer_id', '=', customer_id)
      .orderBy('id', 'desc')
      .limit(EXPORTED_MAX)
      .execute()
    return payments.map(({ amount, payment_method_id, ...payment }) => ({
      ...payment,
      payment_method_id: shownMeans(payment_method_id),
      amount: formatMoney(amount, payment.currency),
    }))
  },

  async erase(ctx, customer_id) {
    const own = db(ctx).selectFrom('payments').select('id').where('customer_id', '=', customer_id)
    await db(ctx)
      .updateTable('refunds')
      .set({ reason: null })
      .where('payment_id', 'in', own)
      .execute()
    await db(ctx)
      .updateTable('payment_webhooks')
      .set({ body: '{}' })
      .where('payment_id', 'in', own)
      .where('settled_at', 'is not', null)
      .execute()
    await eraseHosted(ctx, customer_id)
    await eraseEvidence(ctx, customer_id)
    await db(ctx)
      .updateTable('payments')
      .set({ description: null, payment_method_id: null, updated_at: ctx.now })
      .where('customer_id', '=', customer_id)
      .execute()
  },
}

/** What banks were told of a customer; what is still on its way is not handed in any more. */
async function eraseEvidence(ctx: Context, customer_id: Id<'customer'>): Promise<void> {
  const disputes = db(ctx)
    .selectFrom('payment_disputes')
    .innerJoin('payments', 'payments.id', 'payment_disputes.payment_id')
    .select('payment_disputes.id')
    .where('payments.customer_id', '=', customer_id)
  const evidence = () => db(ctx).updateTable('payment_evidence').where('dispute_id', 'in', disputes)
  const over = { state: 'refused' as const, failure_code: 'erased', resolved_at: ctx.now }
  await evidence().set(over).where('state', '=', 'waiting').execute()
  await evidence().set({ texts: {}, files: [], contents: null }).execute()
}

/** What was told of the pages on which a customer paid: payers type their e-mail there. */
async function eraseHosted(ctx: Context, customer_id: Id<'customer'>): Promise<void> {
  const refs = db(ctx)
    .selectFrom('payments')
    .select('provider_ref')
    .where('customer_id', '=', customer_id)
    .where('provider_ref', 'is not', null)
  const rows = await db(ctx)
    .selectFrom('payment_webhooks')
    .select('hosted_ref')
    .where('hosted_ref', 'in', refs)
    .execute()
  const entity_ids = [...new Set(rows.flatMap(({ hosted_ref }) => hosted_ref ?? []))]
  await eraseFromEvents(ctx, { entity_ids, members: ['customer_email', 'metadata'] })
  await db(ctx)
    .updateTable('payment_webhooks')
    .set({ body: '{}' })
    .where('hosted_ref', 'in', refs)
    .execute()
}
