import type { Context } from '#platform/context'
import { insertRows } from '#platform/tables'
import { findOrder, lockOrder, type OrderRow } from '../find.ts'
import { emitChange } from '../history.ts'
import { deskErrors } from './errors.ts'
import { deskEvents } from './events.ts'
import {
  type AddAttachment,
  type AddNote,
  type AskAttachments,
  ATTACHMENTS_MAX,
  type Attachment,
  type Note,
  type RemoveAttachment,
  type RemoveNote,
} from './schemas.ts'
import { db } from './tables.ts'

const insertNotes = insertRows(db, 'order_notes')

/** Writes a note on an order, for staff only or for the buyer too. */
export async function addNote(
  ctx: Context,
  { id, body, kind = 'internal' }: AddNote,
): Promise<Note> {
  return writeNote(ctx, await lockOrder(ctx, id), { body, kind })
}

type NewNote = { body: string; kind: Note['kind'] }

/** Writes a note on an order whose lock is held; `system` for what no person says. */
export async function writeNote(
  ctx: Context,
  { id: order_id }: Pick<OrderRow, 'id'>,
  { body, kind }: NewNote,
): Promise<Note> {
  const note = { id: ctx.newId('order_note'), kind, body, author: ctx.actor.id }
  await insertNotes(ctx, { rows: [{ ...note, order_id, created_at: ctx.now }] })
  const told = deskEvents.note_added({ order_id, note_id: note.id, kind })
  await emitChange(ctx, told, { [`notes.${note.id}`]: { before: null, after: body } })
  return { ...note, created_at: ctx.now }
}

/** Removes a note that a person wrote. Throws `note_not_found`, `note_stays`. */
export async function removeNote(ctx: Context, { id, note_id }: RemoveNote): Promise<undefined> {
  const { id: order_id } = await lockOrder(ctx, id)
  const note = await db(ctx)
    .selectFrom('order_notes')
    .select(['kind', 'body'])
    .where('id', '=', note_id)
    .where('order_id', '=', order_id)
    .executeTakeFirst()
  if (!note) throw deskErrors.note_not_found({ note_id })
  const { kind, body } = note
  if (kind === 'system') throw deskErrors.note_stays()
  await db(ctx).deleteFrom('order_notes').where('id', '=', note_id).execute()
  const told = deskEvents.note_removed({ order_id, note_id, kind })
  await emitChange(ctx, told, { [`notes.${note_id}`]: { before: body, after: null } })
}

const insertAttachments = insertRows(db, 'order_attachments')

/** The documents of an order, oldest first; the buyer is told those meant for them. */
export async function listAttachments(ctx: Context, { id }: AskAttachments): Promise<Attachment[]> {
  const order = await findOrder(ctx, id)
  const { own_only } = ctx.actor
  let found = db(ctx)
    .selectFrom('order_attachments')
    .select(['id', 'name', 'url', 'for_customer', 'added_by', 'created_at'])
    .where('order_id', '=', order.id)
  if (own_only) found = found.where('for_customer', '=', true)
  const rows = await found.orderBy('id').limit(ATTACHMENTS_MAX).execute()
  return rows.map((row) => ({ ...row, added_by: own_only ? null : row.added_by }))
}

/** Attaches a document that lies elsewhere. Throws `too_many`. */
export async function addAttachment(
  ctx: Context,
  { id, name, url, for_customer = false }: AddAttachment,
): Promise<Attachment> {
  const { id: order_id } = await lockOrder(ctx, id)
  const there = await db(ctx)
    .selectFrom('order_attachments')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('order_id', '=', order_id)
    .executeTakeFirstOrThrow()
  if (Number(there.count) >= ATTACHMENTS_MAX) {
    throw deskErrors.too_many({ most: ATTACHMENTS_MAX, things: 'attachments' })
  }
  const attachment = { id: ctx.newId('order_attachment'), name, url, for_customer }
  const row = { ...attachment, added_by: ctx.actor.id, created_at: ctx.now }
  await insertAttachments(ctx, { rows: [{ ...row, order_id }] })
  const told = deskEvents.attachment_added({ order_id, attachment_id: attachment.id })
  await emitChange(ctx, told, { [`attachments.${attachment.id}`]: { before: null, after: url } })
  return row
}

/** Detaches a document; it lies where it lay. Throws `attachment_not_found`. */
export async function removeAttachment(
  ctx: Context,
  { id, attachment_id }: RemoveAttachment,
): Promise<undefined> {
  const { id: order_id } = await lockOrder(ctx, id)
  const gone = await db(ctx)
    .deleteFrom('order_attachments')
    .where('id', '=', attachment_id)
    .where('order_id', '=', order_id)
    .returning('url')
    .executeTakeFirst()
  if (!gone) throw deskErrors.attachment_not_found({ attachment_id })
  const told = deskEvents.attachment_removed({ order_id, attachment_id })
  const member = `attachments.${attachment_id}`
  await emitChange(ctx, told, { [member]: { before: gone.url, after: null } })
}
