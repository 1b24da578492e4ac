import type { Id } from '#kit/ids'
import { NO_RECIPIENT, recipientOf } from '#modules/credit'
import type { PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
import { printDraftNumber } from './find.ts'
import { db } from './tables.ts'

/** What drafts keep of a customer: for their export, and how it is let go. */
export const personalDataOfDrafts: PersonalData = {
  name: 'drafts',
  async exportOf(ctx, customer_id) {
    const rows = await of(ctx, customer_id)
      .select(['id', 'number', 'status', 'currency', 'email', 'note', 'created_at', 'order_id'])
      .select(['shipping_address', 'billing_address'])
      .orderBy('id')
      .execute()
    const named = await db(ctx)
      .selectFrom('draft_lines')
      .selectAll()
      .where('draft_id', 'in', of(ctx, customer_id).select('id'))
      .where('recipient_email', 'is not', null)
      .execute()
    const byDraft = Map.groupBy(named, ({ draft_id }) => draft_id)
    return rows.map(({ id, number, ...row }) => ({
      draft_number: printDraftNumber(number),
      ...row,
      gift_card_recipients: (byDraft.get(id) ?? []).map(recipientOf),
    }))
  },
  async obstacles(ctx, customer_id) {
    const open = await of(ctx, customer_id)
      .select(['number', 'status'])
      .where('status', 'in', ['open', 'sent'])
      .orderBy('id')
      .limit(20)
      .execute()
    return open.map(({ number, status }) => `draft ${printDraftNumber(number)} is ${status}`)
  },
  async erase(ctx, customer_id, email) {
    const forgotten = { email: null, shipping_address: null, billing_address: null }
    await db(ctx)
      .updateTable('drafts')
      .set({ ...forgotten, note: null, staff_note: null, updated_at: ctx.now })
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .where('customer_id', '=', customer_id)
      .execute()
    const own = of(ctx, customer_id).select('id')
    await nameNobody(ctx).where('draft_id', 'in', own).execute()
    if (email !== undefined) await nameNobody(ctx).where('recipient_email', '=', email).execute()
  },
}

const nameNobody = (ctx: Context) => db(ctx).updateTable('draft_lines').set(NO_RECIPIENT)

const of = (ctx: Context, customer_id: Id<'customer'>) =>
  db(ctx).selectFrom('drafts').where('customer_id', '=', customer_id)
