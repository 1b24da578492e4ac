import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { MAIL_KINDS } from './lifecycle.ts'

// Nothing of a person: who was written to, and what, stands in the outbox alone.
const told = {
  mail_id: IdSchema('mail'),
  kind: Type.Enum([...MAIL_KINDS]),
  order_id: Nullable(IdSchema('order')),
}

export const mailEvents = defineEvents('mail', {
  sent: {
    description: 'A mail server took a mail.',
    entity: 'mail_id',
    payload: Type.Object(told),
  },
  failed: {
    description: 'A mail could not be sent and is not tried any more.',
    entity: 'mail_id',
    payload: Type.Object({ ...told, attempts: Type.Integer() }),
  },
})
