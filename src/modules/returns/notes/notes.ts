import { type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { pageById } from '#platform/database/list-pages'
import { emit, db as events } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { returnErrors } from '../errors.ts'
import { returnEvents } from '../events.ts'
import { findReturn } from '../find.ts'
import { toldOf } from '../moves.ts'
import { db } from '../tables.ts'
import type { AddNote, Entry, ListNotes, Note } from './schemas.ts'

const insertNotes = insertRows(db, 'return_notes')

/** Writes a note to a return: for staff, unless it says otherwise; a customer's own is visible. */
export async function addNote(ctx: Context, input: AddNote): Promise<Note> {
  const row = await findReturn(ctx, input.id)
  const { own_only } = ctx.actor
  const { content, note_type = own_only ? 'Customer' : 'Internal' } = input
  if (own_only && note_type !== 'Customer') {
    throw returnErrors.staff_only({ action: `write a note of the type ${note_type}` })
  }
  if (content.trim() === '') throw invalidField('content', 'must not be empty')
  const visible = input.is_visible_to_customer ?? note_type === 'Customer'
  if (visible && note_type === 'Internal') {
    throw invalidField('is_visible_to_customer', 'is never true of internal notes')
  }
  const note: Note = {
    id: ctx.newId('return_note'),
    return_id: row.id,
    note_type,
    content,
    is_visible_to_customer: visible || own_only,
    created_by: ctx.actor.id,
    created_at: ctx.now,
  }
  await insertNotes(ctx, { rows: [note] })
  emit(ctx, returnEvents.noted({ ...toldOf(row), note_id: note.id }))
  return note
}

/** The notes of a return, newest first; customers see what is meant for them. */
export async function listNotes(ctx: Context, query: ListNotes): Promise<Page<Note>> {
  const row = await findReturn(ctx, query.id)
  let rows = db(ctx).selectFrom('return_notes').selectAll().where('return_id', '=', row.id)
  if (ctx.actor.own_only) rows = rows.where('is_visible_to_customer', '=', true)
  return pageById(ctx, query, { name: 'return_notes', rows, tell: (notes) => notes })
}

const HISTORY = '-sequence'

/** What happened to a return, newest first: who did what, when, and what was before and after. */
export async function listHistory(ctx: Context, query: ListNotes): Promise<Page<Entry>> {
  const row = await findReturn(ctx, query.id)
  const start = pageStart(query, HISTORY)
  let found = events(ctx)
    .selectFrom('events')
    .where('entity_id', '=', row.id)
    .where('entity_type', '=', 'return')
  // A note that is not for them must not be seen to be there.
  if (ctx.actor.own_only) found = found.where('name', '<>', returnEvents.noted.type)
  const last = start.after?.[0]
  if (last !== undefined && typeof last !== 'number') throw pageErrors.bad_cursor()
  const from =
    last === undefined ? found.offset(start.offset) : found.where('sequence', '<', Number(last))
  const rows = await from
    .select(['id', 'sequence', 'name', 'payload', 'actor', 'occurred_at'])
    .orderBy('sequence', 'desc')
    .limit(start.limit + 1)
    .execute()
  return pageOf({
    start,
    sort: HISTORY,
    rows,
    key: ({ sequence }) => [sequence],
    item: ({ name, payload, actor, ...entry }) => ({
      ...entry,
      ...statusIn(payload),
      event: name,
      actor: ctx.actor.own_only ? null : actor,
      details: payload,
    }),
    total: await countUpTo(ctx, found),
  })
}

function statusIn(payload: object): Pick<Entry, 'old_status' | 'new_status' | 'reason'> {
  const { old_status = null, new_status = null, reason = null } = payload as Partial<Entry>
  return { old_status, new_status, reason }
}
