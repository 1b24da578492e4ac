import type { Transporter } from 'nodemailer'
import { type Mailer, MailRefused, type OutgoingMail } from '#modules/notifications'
import type { Settings } from '#platform/config/settings'

/** How long a mail server may take for each step, in milliseconds. */
const PATIENCE_MS = 15_000

/** The mail server of the settings, if one is set. */
export function createMailer({ smtp_url, mail_from }: Settings): Mailer | undefined {
  if (smtp_url === undefined || mail_from === undefined) return undefined
  let opened: Promise<Transporter> | undefined
  const open = () => {
    opened ??= openTransport(smtp_url)
    return opened
  }
  const [, domain = 'localhost'] = /@([^@>\s]+)>?\s*$/.exec(mail_from) ?? []
  return {
    async send({ message_id, to, subject, text, html }: OutgoingMail) {
      const { address, name } = to
      try {
        const transport = await open()
        await transport.sendMail({
          from: mail_from,
          to: { name: name ?? '', address },
          subject,
          text,
          html,
          messageId: `<${message_id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (error) {
        throw isRefusal(error) ? new MailRefused((error as Error).message) : error
      }
    },
  }
}

/** The library is loaded when there is a mail to send. */
async function openTransport(url: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    url,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    // Nothing here is read from files or fetched from addresses, whatever a text says.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** Whether the server said no for good to this mail: a 5xx after it had let us in. */
function isRefusal(error: unknown): boolean {
  const { responseCode, command } = (error ?? {}) as { responseCode?: number; command?: string }
  if (responseCode === undefined || responseCode < 500) return false
  return /^(MAIL FROM|RCPT TO|DATA)$/.test(command ?? '')
}
