import { definePort } from '#platform/ports'

/** A mail as it goes out. */
export type OutgoingMail = {
  /** The same at every try, so that who gets it twice can see that it is one. */
  message_id: string
  to: { name: string | null; address: string }
  subject: string
  text: string
  html: string
}

/** The mail server said no for good: no further try would help. */
export class MailRefused extends Error {}

/**
 * Hands mails to a mail server. `send` returns once it has taken the mail; it throws `MailRefused`,
 * or anything else where nobody knows, and then it is tried again.
 */
export type Mailer = { send(mail: OutgoingMail): Promise<void> }

/** The mail server of the settings; `mailer` is undefined where none is set. */
export const mailServer = definePort<{ mailer: Mailer | undefined }>('mail server')
