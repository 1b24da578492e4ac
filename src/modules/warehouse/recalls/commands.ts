import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { warehouseErrors } from '../errors.ts'
import { db } from '../tables.ts'
import { recallEvents } from './events.ts'
import { contactLifecycle, recallLifecycle } from './lifecycle.ts'
import {
  type ContactRow,
  findRecall,
  getRecall,
  type RecallRow,
  withRecipients,
} from './queries.ts'
import type { GetRecall, Recall, RecallContact, UpdateContact } from './schemas.ts'
import { type MemberIds, quarantine } from './units.ts'

/**
 * Notes that someone was told, what they gave back, or that the units will not come back. Throws
 * `recall_contact_not_found`, `recall_closed`, and 409 for a move that is not open.
 */
export async function updateContact(ctx: Context, input: UpdateContact): Promise<RecallContact> {
  const recall = await lockedRecall(ctx, input.id)
  if (recall.status !== 'open') throw warehouseErrors.recall_closed({ recall: recall.number })
  const known = await findContact(ctx, recall.id, input.contact_id)
  const returned_quantity = input.returned_quantity ?? returnedBy(known, input)
  if (returned_quantity > known.quantity) {
    throw invalidField('returned_quantity', `must be at most ${known.quantity}`)
  }
  if (returned_quantity < known.returned_quantity) {
    throw invalidField('returned_quantity', `must be at least ${known.returned_quantity}`)
  }
  const status = statusOf(known, input, returned_quantity)
  const isSettled = status === 'returned' || status === 'written_off'
  const row: ContactRow = {
    ...known,
    status,
    returned_quantity,
    note: input.note === undefined ? known.note : input.note,
    contacted_at: known.contacted_at ?? (status === 'contacted' ? ctx.now : null),
    settled_at: known.settled_at ?? (isSettled ? ctx.now : null),
    updated_at: ctx.now,
  }
  await db(ctx).updateTable('recall_contacts').set(row).where('id', '=', row.id).execute()
  const { id: recall_id, number } = recall
  const { reference_type, reference_id, id: contact_id } = row
  const of = { recall_id, number, contact_id, reference_type, reference_id }
  emit(ctx, recallEvents.contact_updated({ ...of, status, returned_quantity }))
  return (await withRecipients(ctx, [row])).get(row.id) as RecallContact
}

const returnedBy = (known: ContactRow, { status }: UpdateContact): number =>
  status === 'returned' ? known.quantity : known.returned_quantity

/** The status that is asked for; all units back is `returned`, whether that was said or not. */
function statusOf(known: ContactRow, { status }: UpdateContact, returned: number) {
  const isBack = returned === known.quantity && status !== 'written_off'
  const wanted = isBack ? 'returned' : (status ?? known.status)
  if (wanted === known.status) return wanted
  if (wanted === 'returned' && !isBack) {
    throw invalidField('returned_quantity', `must be ${known.quantity} when all is returned`)
  }
  return contactLifecycle.next(known.status, contactLifecycle.moveTo(known.status, wanted))
}

async function findContact(
  ctx: Context,
  recall_id: Id<'recall'>,
  contact: Id<'recall_contact'>,
): Promise<ContactRow> {
  const row = await db(ctx)
    .selectFrom('recall_contacts')
    .selectAll()
    .where('id', '=', contact)
    .where('recall_id', '=', recall_id)
    .executeTakeFirst()
  if (!row) throw warehouseErrors.contact_not_found({ contact })
  return row
}

async function lockedRecall(ctx: Context, id: Id<'recall'>): Promise<RecallRow> {
  await lockEntity(ctx, 'recall', id)
  return findRecall(ctx, id)
}

/** Ends a recall. Throws `recall_unsettled` while someone is left to be told. */
export async function closeRecall(ctx: Context, { id }: GetRecall): Promise<Recall> {
  const row = await lockedRecall(ctx, id)
  const status = recallLifecycle.next(row.status, 'close')
  const { left } = await db(ctx)
    .selectFrom('recall_contacts')
    .select(sql<number>`count(*)`.as('left'))
    .where('recall_id', '=', id)
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow()
  if (left > 0) throw warehouseErrors.recall_unsettled({ recall: row.number, left })
  await db(ctx)
    .updateTable('recalls')
    .set({ status, closed_at: ctx.now, version: row.version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  emit(ctx, recallEvents.closed({ recall_id: id, number: row.number }))
  return getRecall(ctx, { id })
}

const lotsOfRecall = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('recall_lots')
    .select('lot_id')
    .where('recall_id', '=', p.id as Id<'recall'>),
)
const serialsOfRecall = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('recall_serials')
    .select('serial_id')
    .where('recall_id', '=', p.id as Id<'recall'>),
)

/** The lots and serial numbers that a recall names. */
export async function membersOfRecall(ctx: Context, id: Id<'recall'>): Promise<MemberIds> {
  const [lots, serials] = await Promise.all([
    lotsOfRecall(ctx, { id }),
    serialsOfRecall(ctx, { id }),
  ])
  return {
    lots: lots.map(({ lot_id }) => lot_id),
    serials: serials.map(({ serial_id }) => serial_id),
  }
}

/** Moves units of an open recall to quarantine whose promises are gone by now. READ COMMITTED. */
export async function quarantineLeft(ctx: Context, id: Id<'recall'>): Promise<number> {
  return quarantine(ctx, await membersOfRecall(ctx, id), id)
}

const RECALLS_AT_ONCE = 100

/** Open recalls behind an id. */
export const openRecalls = (ctx: Context, after: Id<'recall'> | undefined) => {
  const rows = db(ctx).selectFrom('recalls').select('id').where('status', '=', 'open')
  return (after ? rows.where('id', '>', after) : rows)
    .orderBy('id')
    .limit(RECALLS_AT_ONCE)
    .execute()
}
