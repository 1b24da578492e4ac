import { type Static, Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { afterId, type Page, type PageQuery, pageOf, pageStart } from '#kit/pages'
import { LongText } from '#kit/schemas'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
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

const SORT = 'customer_notes'

/** What staff wrote down about a customer, newest first. */
export async function listNotes(
  ctx: Context,
  { id: customer_id, ...input }: PageQuery & { id: Id<'customer'> },
): Promise<Page<Note>> {
  await getCustomer(ctx, customer_id)
  const start = pageStart(input, SORT)
  const found = db(ctx).selectFrom('customer_notes').where('customer_id', '=', customer_id)
  const after = afterId<'customer_note'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  const total = await countUpTo(ctx, found)
  const item = (row: Note) => row
  return pageOf({ start, sort: SORT, rows, key: ({ id }) => [id], item, total })
}

/** All of them, for the person they are about. */
export const listNotesOf = (ctx: Context, customer_id: Id<'customer'>): Promise<Note[]> =>
  db(ctx)
    .selectFrom('customer_notes')
    .selectAll()
    .where('customer_id', '=', customer_id)
    .orderBy('id')
    .execute()
