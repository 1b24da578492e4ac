import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { contactLifecycle, recallLifecycle } from './lifecycle.ts'

const Count = Type.Integer({ minimum: 0 })

export const Recall = Type.Object({
  id: IdSchema('recall'),
  number: Type.Integer(),
  item_id: IdSchema('item'),
  item_number: Type.String(),
  title: Type.String(),
  instructions: Nullable(Type.String()),
  status: recallLifecycle.schema,
  progress: Type.Object({
    contacts: Count,
    pending: Count,
    contacted: Count,
    returned: Count,
    written_off: Count,
    units_out: Type.Integer({ description: 'Units that were shipped to someone.' }),
    units_returned: Count,
    units_blocked: Type.Integer({ description: 'Units in the house that are not for sale.' }),
    units_promised: Type.Integer({
      description: 'Units still counted for sale because as many are promised; never shipped.',
    }),
  }),
  closed_at: Nullable(Instant),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Recall = Static<typeof Recall>
export const Recalls = PageOf(Recall)
export const ListRecalls = Type.Object({
  ...pageQuery,
  status: Type.Optional(recallLifecycle.schema),
})
export type ListRecalls = Static<typeof ListRecalls>
export const GetRecall = Type.Object({ id: IdSchema('recall') })
export type GetRecall = Static<typeof GetRecall>

export const OpenRecall = Type.Object({
  title: Text(200),
  instructions: Type.Optional(LongText(2000)),
  lot_ids: Type.Optional(Type.Array(IdSchema('lot'), { maxItems: 100 })),
  serial_ids: Type.Optional(Type.Array(IdSchema('serial'), { maxItems: 1000 })),
  include_made: Type.Optional(
    Type.Boolean({ description: 'Also everything that these went into.', default: false }),
  ),
})
export type OpenRecall = Static<typeof OpenRecall>

export const RecallContact = Type.Object({
  id: IdSchema('recall_contact'),
  reference_type: Type.String(),
  reference_id: Type.String(),
  /** What the order is called, and who bought; null where nobody knows the reference. */
  reference_number: Nullable(Type.String()),
  customer_id: Nullable(IdSchema('customer')),
  customer_name: Nullable(Type.String()),
  customer_email: Nullable(Type.String()),
  quantity: Count,
  returned_quantity: Count,
  status: contactLifecycle.schema,
  note: Nullable(Type.String()),
  contacted_at: Nullable(Instant),
  settled_at: Nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
})
export type RecallContact = Static<typeof RecallContact>
export const RecallContacts = PageOf(RecallContact)
export const ListContacts = Type.Object({
  id: IdSchema('recall'),
  ...pageQuery,
  status: Type.Optional(contactLifecycle.schema),
})
export type ListContacts = Static<typeof ListContacts>
export const UpdateContact = Type.Object({
  id: IdSchema('recall'),
  contact_id: IdSchema('recall_contact'),
  status: Type.Optional(contactLifecycle.schema),
  returned_quantity: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
  note: Type.Optional(Nullable(LongText(1000))),
})
export type UpdateContact = Static<typeof UpdateContact>
