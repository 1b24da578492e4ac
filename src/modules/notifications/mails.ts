import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import { renewCode } from '#modules/credit'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { enqueue } from '#platform/jobs'
import { notificationErrors } from './errors.ts'
import { mailedTo } from './gift-card-mail.ts'
import { mailLifecycle } from './lifecycle.ts'
import { mailServer } from './mailer.ts'
import { SEND_MAIL } from './queue-mail.ts'
import type { GetMail, ListMails, Mail, MailEntry } from './schemas.ts'
import { hiddenMail, sealedSecret, wholeMail } from './secrets.ts'
import { mailById } from './send-mail.ts'
import { db, type MailRow } from './tables.ts'

/** What stands in place of an address that was erased. */
export const ERASED = 'erased'

/** The mails of the outbox, newest first. */
export function listMails(ctx: Context, query: ListMails): Promise<Page<MailEntry>> {
  let found = db(ctx).selectFrom('mails')
  if (query.status) found = found.where('status', '=', query.status)
  if (query.kind) found = found.where('kind', '=', query.kind)
  if (query.order_id) found = found.where('order_id', '=', query.order_id)
  if (query.customer_id) found = found.where('customer_id', '=', query.customer_id)
  return pageById(ctx, query, {
    name: 'mails',
    rows: found.selectAll(),
    tell: (rows) => rows.map(entryOf),
  })
}

/** One mail with what it says. Throws `not_found`. */
export async function getMail(ctx: Context, { id }: GetMail): Promise<Mail> {
  return mailOf(ctx, await findMail(ctx, id))
}

/**
 * Has a mail sent that was kept, has failed, or is wanted once more. Throws `not_found`, `erased`,
 * `no_mail_server`, and 409 for one that is on its way.
 */
export async function sendAgain(ctx: Context, { id }: GetMail): Promise<Mail> {
  const mail = await findMail(ctx, id)
  if (mail.to_email === ERASED) throw notificationErrors.erased({ mail_id: id })
  if (!mailServer.of(ctx).mailer) throw notificationErrors.no_mail_server()
  const status = mailLifecycle.next(mail.status, 'send')
  const anew = mail.kind === 'gift_card' ? await cardAnew(ctx, mail) : {}
  const change = { status, attempts: 0, error: null, ...anew, updated_at: ctx.now }
  await db(ctx).updateTable('mails').set(change).where('id', '=', id).execute()
  await enqueue(ctx, SEND_MAIL, { payload: { mail_id: id } })
  return mailOf(ctx, { ...mail, ...change })
}

/**
 * The code of a gift card is forgotten once it was sent: the letter that is sent again has a new
 * one, and goes to whom the card is for now, should staff have corrected the address.
 */
async function cardAnew(ctx: Context, { kind, about }: MailRow) {
  const account_id = about.slice(`${kind} `.length) as Id<'credit_account'>
  const { card, code } = await renewCode(ctx, account_id)
  const to = mailedTo(card)
  const secret = sealedSecret(ctx, code)
  return { secret, ...(to && { to_email: to.email, to_name: to.name }) }
}

/** Marks a mail as read by staff, or as unread. Throws `not_found`. */
export async function markMail(
  ctx: Context,
  { id }: GetMail,
  to: 'read' | 'unread',
): Promise<MailEntry> {
  const mail = await findMail(ctx, id)
  const read_at = to === 'read' ? (mail.read_at ?? ctx.now) : null
  await db(ctx).updateTable('mails').set({ read_at }).where('id', '=', id).execute()
  return entryOf({ ...mail, read_at })
}

/** Takes a mail out of the outbox; one that waits is not sent. Throws `not_found`. */
export async function deleteMail(ctx: Context, { id }: GetMail): Promise<undefined> {
  await findMail(ctx, id)
  await db(ctx).deleteFrom('mails').where('id', '=', id).execute()
}

async function findMail(ctx: Context, id: MailRow['id']): Promise<MailRow> {
  const found = await mailById.first(ctx, { id })
  if (!found) throw notificationErrors.not_found({ mail_id: id })
  return found
}

function entryOf(mail: MailRow): MailEntry {
  const { about: _, text: __, html: ___, secret: ____, to_email, to_name, ...told } = mail
  return { ...told, to: to_name === null ? to_email : `${to_name} <${to_email}>` }
}

/**
 * A mail with its words. What only its reader may know is not among them, unless it is kept to be
 * read here, because no mail server is there to bring it.
 */
function mailOf(ctx: Context, mail: MailRow): Mail {
  const said = mail.status === 'kept' ? wholeMail(ctx, mail) : hiddenMail(mail)
  return { ...entryOf(mail), message_id: mail.id, ...said }
}
