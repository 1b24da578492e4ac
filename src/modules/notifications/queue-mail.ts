import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { enqueue } from '#platform/jobs'
import { type Letter, printLetter } from './letters/letter.ts'
import type { MailKind } from './lifecycle.ts'
import { mailServer } from './mailer.ts'
import { db, type MailRow } from './tables.ts'

/** The job that sends a mail; its name stands here for those that only ask for it. */
export const SEND_MAIL = { name: 'notifications.send_mail' }

export type NewMail = {
  kind: MailKind
  /** What it is about, such as an order's id: the second mail of a kind about it is not written. */
  about: string
  customer_id: Id<'customer'> | null
  order_id: Id<'order'> | null
  to: { email: string; name: string | null }
  letter: Letter
}

const insertOnce = insertEach<MailRow, never>(db as never, db.kinds('mails') as never, {
  table: 'mails',
  values: (row) => row,
  onConflict: sql`on conflict (about) do nothing`,
})

/**
 * Writes a mail into the outbox in the caller's transaction, and has it sent where a mail server is
 * set. One about the same thing is written once. Answers whether it is new.
 */
export async function queueMail(ctx: Context, mail: NewMail): Promise<boolean> {
  const { kind, customer_id, order_id, to, letter } = mail
  const { mailer } = mailServer.of(ctx)
  const id = ctx.newId('mail')
  const row: MailRow = {
    id,
    kind,
    status: mailer ? 'waiting' : 'kept',
    about: `${kind} ${mail.about}`,
    customer_id,
    order_id,
    to_email: to.email,
    to_name: to.name,
    ...printLetter(letter, ctx.settings.shop_name),
    attempts: 0,
    error: null,
    sent_at: null,
    read_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const { affected } = await insertOnce.run(ctx, { rows: [row] })
  if (affected === 0) return false
  if (mailer) await enqueue(ctx, SEND_MAIL, { payload: { mail_id: id } })
  return true
}
