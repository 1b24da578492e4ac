import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { HELD_FROM, NOTE_KINDS } from './tables.ts'

const OrderRef = Text(64, { description: "The order's id or its number (`ORD-1000001`)." })

/** Why an order is stopped, as a word of the shop's own. */
export const HoldCode = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,39}$',
  description: 'A word of your own, such as `fraud_review`, `address_check` or `out_of_stock`.',
  examples: ['fraud_review'],
})
export const HoldOrder = Type.Object({
  id: OrderRef,
  code: Type.Optional(HoldCode),
  note: Type.Optional(Nullable(LongText(1000, { description: 'For staff only.' }))),
})
export type HoldOrder = Static<typeof HoldOrder>

export const ReleaseOrder = Type.Object({
  id: OrderRef,
  hold_id: Type.Optional(IdSchema('order_hold')),
  code: Type.Optional(HoldCode),
  note: Type.Optional(Nullable(LongText(1000, { description: 'For staff only.' }))),
})
export type ReleaseOrder = Static<typeof ReleaseOrder>

/** One reason that stops an order, or did. */
export const Hold = Type.Object({
  id: IdSchema('order_hold'),
  code: Type.String({ examples: ['fraud_review'] }),
  note: Nullable(Type.String()),
  held_by: Type.String({ examples: ['user:01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'] }),
  held_at: Instant,
  released_by: Nullable(Type.String()),
  released_at: Nullable(Instant),
  release_note: Nullable(Type.String()),
})
export type Hold = Static<typeof Hold>

export const AskHolds = Type.Object({ id: OrderRef })
export const Holds = Type.Object({
  is_on_hold: Type.Boolean(),
  returns_to: Nullable(
    Type.Unsafe<(typeof HELD_FROM)[number]>(
      Type.Enum([...HELD_FROM], {
        description: 'Where the order goes once the last hold is released.',
      }),
    ),
  ),
  open: Type.Array(Hold, { description: 'Why it is on hold, the oldest reason first.' }),
  released: Type.Array(Hold, { description: 'The last fifty that were released, newest first.' }),
})
export type Holds = Static<typeof Holds>

export const TAGS_MAX = 50
export const Tag = Text(50, { description: 'In any case; kept in lower case.' })
const tags = Type.Array(Tag, { maxItems: TAGS_MAX })
export const SetTags = Type.Object({ id: OrderRef, tags })
export type SetTags = Static<typeof SetTags>
export const AddTags = Type.Object({
  id: OrderRef,
  tags: Type.Array(Tag, { minItems: 1, maxItems: TAGS_MAX }),
})
export const RemoveTag = Type.Object({ id: OrderRef, tag: Tag })
export type RemoveTag = Static<typeof RemoveTag>

export const ATTRIBUTES_MAX = 50
/** JSON characters of one value. */
export const ATTRIBUTE_LENGTH_MAX = 2_000
export const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,59}$/
export const SetAttributes = Type.Object({
  id: OrderRef,
  attributes: Type.Record(Type.String(), Type.Unknown(), {
    maxProperties: ATTRIBUTES_MAX,
    description: `By name (letters, digits, _ . -): any JSON of up to ${ATTRIBUTE_LENGTH_MAX} characters a value. Those left out stay, null removes.`,
  }),
})
export type SetAttributes = Static<typeof SetAttributes>

/** Notes: what people, or the system, wrote down. */
export const Note = Type.Object({
  id: IdSchema('order_note'),
  kind: Type.Enum([...NOTE_KINDS]),
  body: Type.String(),
  author: Nullable(Type.String({ description: 'Told to staff only.' })),
  created_at: Instant,
})
export type Note = Static<typeof Note>
export const ListNotes = Type.Object({
  id: OrderRef,
  ...pageQuery,
  kind: Type.Optional(Type.Enum([...NOTE_KINDS])),
})
export type ListNotes = Static<typeof ListNotes>
export const Notes = PageOf(Note)
export const AddNote = Type.Object({
  id: OrderRef,
  body: LongText(5_000),
  kind: Type.Optional(
    Type.Enum(['internal', 'customer'], {
      default: 'internal',
      description: '`customer`: the buyer reads it too.',
    }),
  ),
})
export type AddNote = Static<typeof AddNote>
export const RemoveNote = Type.Object({ id: OrderRef, note_id: IdSchema('order_note') })
export type RemoveNote = Static<typeof RemoveNote>

export const ATTACHMENTS_MAX = 100
export const Attachment = Type.Object({
  id: IdSchema('order_attachment'),
  name: Type.String(),
  url: Type.String(),
  for_customer: Type.Boolean(),
  added_by: Nullable(Type.String({ description: 'Told to staff only.' })),
  created_at: Instant,
})
export type Attachment = Static<typeof Attachment>
export const AskAttachments = Type.Object({ id: OrderRef })
export type AskAttachments = Static<typeof AskAttachments>
export const Attachments = Type.Array(Attachment)
export const AddAttachment = Type.Object({
  id: OrderRef,
  name: Text(200),
  url: Type.String({
    maxLength: 2_000,
    pattern: '^https?://[^\\s\\u0000-\\u001f\\u007f"<>]+$',
    description: 'Where it lies; nothing is fetched.',
    examples: ['https://files.example.com/customs/1000001.pdf'],
  }),
  for_customer: Type.Optional(Type.Boolean({ default: false })),
})
export type AddAttachment = Static<typeof AddAttachment>
export const RemoveAttachment = Type.Object({
  id: OrderRef,
  attachment_id: IdSchema('order_attachment'),
})
export type RemoveAttachment = Static<typeof RemoveAttachment>
