import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { enqueue } from '#platform/jobs'
import { type Letter, printLetter } from './letters/letter.ts'
import type { MailKind } from './lifecycle.ts'
import { mailServer } from './mailer.ts'
import { sealedSecret } from './secrets.ts'
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
  /** What only its reader may know; the letter has `SECRET_PLACE` where it belongs. */
  secret?: string
}

const insertOnce = insertEach<MailRow, unknown>(db as never, db.kinds('mails') as never, {
  table: 'mails',
  values: (row) => row,
  onConflict: sql`on conflict (about) do nothing returning id`,
})

/**
 * Writes mails into the outbox in the caller's transaction, and has them sent where a mail server
 * is set. Of two about the same thing one is written.
 */
export async function queueMails(ctx: Context, mails: readonly NewMail[]): Promise<void> {
  const { mailer } = mailServer.of(ctx)
  const rows = mails.map((mail) => rowOf(ctx, mail, mailer ? 'waiting' : 'kept'))
  const written = (await insertOnce.run(ctx, { rows })).rows as Pick<MailRow, 'id'>[]
  if (!mailer) return
  for (const { id } of written) await enqueue(ctx, SEND_MAIL, { payload: { mail_id: id } })
}

function rowOf(ctx: Context, mail: NewMail, status: MailRow['status']): MailRow {
  const { kind, customer_id, order_id, to, letter } = mail
  return {
    id: ctx.newId('mail'),
    kind,
    status,
    about: `${kind} ${mail.about}`,
    customer_id,
    order_id,
    to_email: to.email,
    to_name: to.name,
    ...printLetter(letter, ctx.settings.shop_name),
    secret: mail.secret === undefined ? null : sealedSecret(ctx, mail.secret),
    attempts: 0,
    error: null,
    sent_at: null,
    read_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}
