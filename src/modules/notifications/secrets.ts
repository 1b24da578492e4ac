import type { Settings } from '#platform/config/settings'
import { seal, unseal } from '#platform/sealed'
import type { MailRow } from './tables.ts'

/** Where a letter has what only its reader may know. The outbox keeps it apart from the words. */
export const SECRET_PLACE = '((secret))'
/** What others than its reader are shown there. */
const HIDDEN = '(told to the reader alone)'

type Said = Pick<MailRow, 'text' | 'html'>
type WithSettings = { readonly settings: Settings }

/** A secret as the outbox keeps it until the mail is sent. */
export const sealedSecret = ({ settings }: WithSettings, secret: string): string =>
  seal(secret, settings.jwt_secret)

/** The words of a mail with its secret in its place: for the mail server, and nobody else. */
export function wholeMail({ settings }: WithSettings, mail: Said & Pick<MailRow, 'secret'>): Said {
  if (mail.secret === null) return hiddenMail(mail)
  return filled(mail, unseal(mail.secret, settings.jwt_secret))
}

/** The words without the secret. */
export const hiddenMail = (mail: Said): Said => filled(mail, HIDDEN)

const filled = ({ text, html }: Said, secret: string): Said => ({
  text: text.replaceAll(SECRET_PLACE, secret),
  html: html.replaceAll(SECRET_PLACE, secret),
})
