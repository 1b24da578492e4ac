import { sql } from 'kysely'
import type { PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
import { ERASED } from './mails.ts'
import { hiddenMail } from './secrets.ts'
import { db } from './tables.ts'

/** Kept long enough that the newest are all that a person can want to read. */
const EXPORTED_MAX = 10_000

/** The mails that a customer was written: erased, nothing of them but when and why remains. */
export const personalDataOfNotifications: PersonalData = {
  name: 'mails',

  async exportOf(ctx, customer_id) {
    const mails = await db(ctx)
      .selectFrom('mails')
      .select(['kind', 'status', 'to_email', 'subject', 'text', 'created_at', 'sent_at'])
      .where('customer_id', '=', customer_id)
      .orderBy('id', 'desc')
      .limit(EXPORTED_MAX)
      .execute()
    return mails.map((mail) => ({ ...mail, text: hiddenMail({ ...mail, html: '' }).text }))
  },

  async erase(ctx, customer_id, email) {
    if (email !== undefined) await eraseCardsOf(ctx, email)
    await erased(ctx).where('customer_id', '=', customer_id).execute()
    await unsent(ctx).where('customer_id', '=', customer_id).execute()
  },
}

/**
 * The gift cards that others have bought for a person are mailed to them as well, and the buyers
 * are told so.
 */
async function eraseCardsOf(ctx: Context, email: string): Promise<void> {
  const orders = db(ctx)
    .selectFrom('mails')
    .select('order_id')
    .where('kind', '=', 'gift_card')
    .where('to_email', '=', email)
  await db(ctx)
    .updateTable('mails')
    .set({
      text: sql`replace(text, ${email}, ${ERASED})`,
      html: sql`replace(html, ${email}, ${ERASED})`,
    })
    .where('kind', '=', 'order_confirmed')
    .where('order_id', 'in', orders)
    .execute()
  await unsent(ctx).where('kind', '=', 'gift_card').where('to_email', '=', email).execute()
  await erased(ctx).where('kind', '=', 'gift_card').where('to_email', '=', email).execute()
}

const erased = (ctx: Context) =>
  db(ctx)
    .updateTable('mails')
    .set({ to_email: ERASED, to_name: null, subject: 'Erased.', text: '', html: '' })
    .set({ error: null, secret: null, updated_at: ctx.now })

/** What was not sent yet goes nowhere. */
const unsent = (ctx: Context) =>
  db(ctx).updateTable('mails').set({ status: 'failed' }).where('status', '=', 'waiting')
