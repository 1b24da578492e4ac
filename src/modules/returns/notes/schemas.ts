import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable } from '#kit/schemas'
import { NOTE_TYPES } from '../lifecycle.ts'
import { ReturnRef } from '../schemas.ts'
import { db } from '../tables.ts'

export const Note = Type.Omit(db.tables.return_notes, [])
export type Note = Static<typeof Note>

export const AddNote = Type.Object({
  id: ReturnRef,
  content: LongText(5000),
  note_type: Type.Optional(
    Type.Enum([...NOTE_TYPES], { description: 'Internal notes are for staff only.' }),
  ),
  is_visible_to_customer: Type.Optional(Type.Boolean()),
})
export type AddNote = Static<typeof AddNote>

export const ListNotes = Type.Object({ id: ReturnRef, ...pageQuery })
export type ListNotes = Static<typeof ListNotes>
export const Notes = PageOf(Note)

const Entry = Type.Object({
  id: IdSchema('event'),
  sequence: Type.Integer({ description: 'Counts the events of the return from 1.' }),
  event: Type.String({ examples: ['return.approved'] }),
  old_status: Nullable(Type.String()),
  new_status: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  actor: Nullable(Type.String({ description: 'Who did it; told to staff only.' })),
  occurred_at: Instant,
  details: Type.Object({}, { additionalProperties: true }),
})
export type Entry = Static<typeof Entry>
export const History = PageOf(Entry)
