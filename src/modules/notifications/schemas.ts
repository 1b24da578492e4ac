import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable } from '#kit/schemas'
import { MAIL_KINDS, mailLifecycle } from './lifecycle.ts'

const facts = {
  id: IdSchema('mail'),
  kind: Type.Enum([...MAIL_KINDS]),
  status: mailLifecycle.schema,
  customer_id: Nullable(IdSchema('customer')),
  order_id: Nullable(IdSchema('order')),
  to: Type.String(),
  subject: Type.String(),
  attempts: Type.Integer(),
  error: Nullable(Type.String({ description: 'Why the last try failed.' })),
  sent_at: Nullable(Instant),
  read_at: Nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
}

/** A mail in a list, without what it says. */
export const MailEntry = Type.Object(facts)
export type MailEntry = Static<typeof MailEntry>
export const Mails = PageOf(MailEntry)

export const Mail = Type.Object({
  ...facts,
  message_id: Type.String({ description: 'Its Message-ID, but for the domain.' }),
  text: Type.String(),
  html: Type.String(),
})
export type Mail = Static<typeof Mail>

export const ListMails = Type.Object({
  ...pageQuery,
  status: Type.Optional(mailLifecycle.schema),
  kind: Type.Optional(Type.Enum([...MAIL_KINDS])),
  order_id: Type.Optional(IdSchema('order')),
  customer_id: Type.Optional(IdSchema('customer')),
})
export type ListMails = Static<typeof ListMails>

export const GetMail = Type.Object({ id: IdSchema('mail') })
export type GetMail = Static<typeof GetMail>
