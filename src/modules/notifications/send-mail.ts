import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { failureText } from '#platform/back-off'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { Job } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { mailEvents } from './events.ts'
import { mailLifecycle } from './lifecycle.ts'
import { MailRefused, mailServer } from './mailer.ts'
import { SEND_MAIL } from './queue-mail.ts'
import { wholeMail } from './secrets.ts'
import { db, type MailRow } from './tables.ts'

const Payload = Type.Object({ mail_id: IdSchema('mail') })

/** Tries before a mail is left to a person: with growing pauses, about half a day. */
const ATTEMPTS_MAX = 40

export const mailById = prepared(db, (open, p: { id: MailRow['id'] }) =>
  open.selectFrom('mails').selectAll().where('id', '=', p.id),
)

type End = Pick<
  MailRow,
  'id' | 'status' | 'attempts' | 'error' | 'sent_at' | 'secret' | 'updated_at'
> & {
  tried: number
}

// Guarded by the state and the tries: of two who work on it, only one writes what became of it.
const endTry = prepared(db, (open, p: End) =>
  open
    .updateTable('mails')
    .set({
      status: p.status,
      attempts: p.attempts,
      error: p.error,
      sent_at: p.sent_at,
      secret: p.secret,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id)
    .where('status', '=', 'waiting')
    .where('attempts', '=', p.tried),
)

/**
 * Hands a mail to the mail server. It may be handed over twice (a crash after the server took it),
 * always with the same Message-ID. A refusal for good ends it; anything else is tried again.
 */
export const sendMail: Job<Static<typeof Payload>> = {
  name: SEND_MAIL.name,
  payload: Payload,
  attempts_max: ATTEMPTS_MAX + 5,
  async run(ctx, { mail_id }) {
    const mail = await ctx.read((tx) => mailById.first(tx, { id: mail_id }))
    if (mail?.status !== 'waiting') return
    const { mailer } = mailServer.of(ctx)
    if (!mailer) return end(ctx, mail, { move: 'keep', error: null })
    const failure = await tryToSend(ctx, mail)
    if (failure === undefined) return end(ctx, mail, { move: 'deliver', error: null })
    const error = failureText(failure)
    if (failure instanceof MailRefused || mail.attempts + 1 >= ATTEMPTS_MAX) {
      return end(ctx, mail, { move: 'give_up', error })
    }
    await end(ctx, mail, { move: undefined, error })
    throw failure
  },
}

/** What went wrong, if anything did. */
async function tryToSend(ctx: ProcessContext, mail: MailRow): Promise<unknown> {
  const { id: message_id, to_email: address, to_name: name, subject } = mail
  const { text, html } = wholeMail(ctx, mail)
  try {
    const to = { name, address }
    await mailServer.of(ctx).mailer?.send({ message_id, to, subject, text, html })
    return undefined
  } catch (error) {
    return error ?? new Error('it failed without a reason')
  }
}

type Ended = { move: 'keep' | 'deliver' | 'give_up' | undefined; error: string | null }

function end(ctx: ProcessContext, mail: MailRow, { move, error }: Ended): Promise<void> {
  return ctx.transaction(async (tx: Context) => {
    const { id, kind, order_id, attempts: tried } = mail
    const attempts = move === 'keep' ? tried : tried + 1
    const { affected } = await endTry.run(tx, {
      id,
      status: move ? mailLifecycle.next('waiting', move) : 'waiting',
      attempts,
      error,
      sent_at: move === 'deliver' ? tx.now : mail.sent_at,
      // Its reader has it now; it is nobody else's business.
      secret: move === 'deliver' ? null : mail.secret,
      updated_at: tx.now,
      tried,
    })
    if (affected === 0) return
    const told = { mail_id: id, kind, order_id }
    if (move === 'deliver') emit(tx, mailEvents.sent(told))
    if (move === 'give_up') emit(tx, mailEvents.failed({ ...told, attempts }))
  }, 'read committed')
}
