import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { MAIL_KINDS, mailLifecycle } from './lifecycle.ts'

export const db = defineTables({
  /** Every mail that was written, as it was written, until it is purged. */
  mails: Type.Object({
    id: IdSchema('mail'),
    kind: Type.Enum([...MAIL_KINDS]),
    status: mailLifecycle.schema,
    /** What it is about: a second mail about the same is never written. */
    about: Type.String(),
    customer_id: Nullable(IdSchema('customer')),
    order_id: Nullable(IdSchema('order')),
    to_email: Type.String(),
    to_name: Nullable(Type.String()),
    subject: Type.String(),
    text: Type.String(),
    html: Type.String(),
    /** What only its reader may know, sealed, until the mail is sent: see `secrets.ts`. */
    secret: Nullable(Type.String()),
    /** Tries so far, since it was last asked for. */
    attempts: Type.Integer(),
    error: Nullable(Type.String()),
    sent_at: Nullable(Instant),
    /** When staff marked it as read. */
    read_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
})

export type MailRow = Static<typeof db.tables.mails>
