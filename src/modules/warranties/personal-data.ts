import { formatMoney } from '#kit/money'
import type { PersonalData } from '#modules/customers'
import { db, printClaimNumber, printWarrantyNumber } from './tables.ts'

/** Kept long enough that the newest are all that a person can want to read. */
const EXPORTED_MAX = 10_000

/**
 * What warranties keep about customers: what they own and what they said about it. What was
 * covered, decided and done remains in the books.
 */
export const personalDataOfWarranties: PersonalData = {
  name: 'warranties',

  async exportOf(ctx, customer_id) {
    const [warranties, claims] = await Promise.all([
      db(ctx)
        .selectFrom('warranties')
        .select(['number', 'product_id', 'serial_number', 'warranty_type', 'status'])
        .select(['start_at', 'end_at', 'created_at'])
        .where('customer_id', '=', customer_id)
        .orderBy('id', 'desc')
        .limit(EXPORTED_MAX)
        .execute(),
      db(ctx)
        .selectFrom('warranty_claims as c')
        .leftJoin('warranty_remedies as r', 'r.claim_id', 'c.id')
        .select(['c.number', 'c.status', 'c.description', 'c.evidence', 'c.contact_email'])
        .select(['c.contact_phone', 'c.resolution', 'c.created_at'])
        .select(['r.kind as remedy', 'r.amount', 'r.currency'])
        .where('c.customer_id', '=', customer_id)
        .orderBy('c.id', 'desc')
        .limit(EXPORTED_MAX)
        .execute(),
    ])
    return {
      warranties: warranties.map(({ number, ...warranty }) => ({
        warranty_number: printWarrantyNumber(number),
        ...warranty,
      })),
      claims: claims.map(({ number, amount, currency, ...claim }) => ({
        claim_number: printClaimNumber(number),
        ...claim,
        amount: amount === null || currency === null ? null : formatMoney(amount, currency),
        currency,
      })),
    }
  },

  async erase(ctx, customer_id) {
    await db(ctx)
      .updateTable('warranty_claims')
      .set({ description: 'Erased.', evidence: [], contact_email: null, contact_phone: null })
      .set({ notes: null, updated_at: ctx.now })
      .where('customer_id', '=', customer_id)
      .execute()
  },
}
