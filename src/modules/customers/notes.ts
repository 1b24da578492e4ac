import { type Static, Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import type { Page, PageQuery } from '#kit/pages'
import { LongText } from '#kit/schemas'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { getCustomer } from './find.ts'
import { db } from './tables.ts'

export const Note = Type.Object(db.tables.customer_notes.properties)
export type Note = Static<typeof Note>
export const AddNote = Type.Object({ id: IdSchema('customer'), text: LongText(4000) })

/** Writes down something about a customer, for staff. */
export async function addNote(ctx: Context, input: Static<typeof AddNote>): Promise<Note> {
  await getCustomer(ctx, input.id, 'customers:update')
  const note: Note = {
    id: ctx.newId('customer_note'),
    customer_id: input.id,
    text: input.text,
    author: ctx.actor.id,
    created_at: ctx.now,
  }
  await db(ctx).insertInto('customer_notes').values(note).execute()
  return note
}

/** What staff wrote down about a customer, newest first. */
export async function listNotes(
  ctx: Context,
  { id: customer_id, ...input }: PageQuery & { id: Id<'customer'> },
): Promise<Page<Note>> {
  await getCustomer(ctx, customer_id)
  const rows = db(ctx).selectFrom('customer_notes').selectAll()
  return pageById(ctx, input, {
    name: 'customer_notes',
    rows: rows.where('customer_id', '=', customer_id),
    tell: (notes) => notes,
  })
}

/** All of them, for the person they are about. */
export const listNotesOf = (ctx: Context, customer_id: Id<'customer'>): Promise<Note[]> =>
  db(ctx)
    .selectFrom('customer_notes')
    .selectAll()
    .where('customer_id', '=', customer_id)
    .orderBy('id')
    .execute()
