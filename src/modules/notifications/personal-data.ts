import type { PersonalData } from '#modules/customers'
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

  async erase(ctx, customer_id) {
    await db(ctx)
      .updateTable('mails')
      .set({ to_email: ERASED, to_name: null, subject: 'Erased.', text: '', html: '' })
      .set({ error: null, secret: null, updated_at: ctx.now })
      .where('customer_id', '=', customer_id)
      .execute()
    // What was not sent yet goes nowhere.
    await db(ctx)
      .updateTable('mails')
      .set({ status: 'failed' })
      .where('customer_id', '=', customer_id)
      .where('status', '=', 'waiting')
      .execute()
  },
}
