import type { Id } from '#kit/ids'
import type { PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
import { db as hosted } from './hosted/tables.ts'
import { db } from './tables.ts'

/** What checkouts keep of a customer: for their export, and how it is let go. */
export const personalDataOfCheckouts: PersonalData = {
  name: 'checkouts',
  exportOf: (ctx, customer_id) =>
    of(ctx, customer_id)
      .select(['id', 'cart_id', 'order_id', 'status', 'email', 'subscribe_newsletter'])
      .select(['shipping_address', 'billing_address', 'payment_method', 'created_at'])
      .orderBy('id')
      .execute(),
  async erase(ctx, customer_id) {
    // Open ones end with their carts or their orders; nobody reads these members of an ended one.
    const forgotten = { email: null, shipping_address: null, billing_address: null }
    await db(ctx)
      .updateTable('checkout_sessions')
      .set({ ...forgotten, payment_token: null, updated_at: ctx.now })
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .where('customer_id', '=', customer_id)
      .execute()
    const own = of(ctx, customer_id).select('id')
    await hosted(ctx)
      .updateTable('hosted_checkouts')
      .set({ customer_email: null, placed: null, metadata: {}, updated_at: ctx.now })
      .where('checkout_id', 'in', own as never)
      .where('status', 'in', ['complete', 'returned', 'expired', 'refused'])
      .execute()
  },
}

const of = (ctx: Context, customer_id: Id<'customer'>) =>
  db(ctx).selectFrom('checkout_sessions').where('customer_id', '=', customer_id)
