import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { returnErrors } from '../errors.ts'
import { reasonEvents } from './events.ts'
import { codeKey, findReason, reasonOf } from './queries.ts'
import type { CreateReason, GetReason, Reason, UpdateReason } from './schemas.ts'
import { db, type ReasonRow } from './tables.ts'

const insert = insertEach<ReasonRow, unknown>(db as never, db.kinds('return_reasons') as never, {
  table: 'return_reasons',
  values: (row) => row,
  onConflict: sql`on conflict (code_key) do nothing`,
})

/** Adds a reason to those that returns may name. Throws `reason_taken`. */
export async function createReason(ctx: Context, input: CreateReason): Promise<Reason> {
  const { code, label, description = null, is_active = true } = input
  const row: ReasonRow = {
    id: ctx.newId('return_reason'),
    code,
    code_key: codeKey(code),
    label,
    description,
    archived_at: is_active ? null : ctx.now,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const { affected } = await insert.run(ctx, { rows: [row] })
  if (affected === 0) throw returnErrors.reason_taken({ reason: code })
  emit(ctx, reasonEvents.created({ reason_id: row.id, code }))
  return reasonOf(row)
}

const update = prepared(db, (open, p: Omit<ReasonRow, 'created_at'>) =>
  open
    .updateTable('return_reasons')
    .set({
      code: p.code,
      code_key: p.code_key,
      label: p.label,
      description: p.description,
      archived_at: p.archived_at,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id)
    // The unique index would say no as well, but as a fault.
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('return_reasons as o')
            .select('o.id')
            .where('o.code_key', '=', p.code_key)
            .where('o.id', '<>', p.id),
        ),
      ),
    ),
)

/** Changes a reason. Returns that have it are counted under its new name. Throws `reason_taken`. */
export async function updateReason(ctx: Context, input: UpdateReason): Promise<Reason> {
  const known = await findReason(ctx, input.id)
  const { code = known.code, label = known.label, is_active } = input
  const active = is_active ?? known.archived_at === null
  const row = {
    ...known,
    code,
    code_key: codeKey(code),
    label,
    description: input.description === undefined ? known.description : input.description,
    archived_at: active ? null : (known.archived_at ?? ctx.now),
    updated_at: ctx.now,
  }
  const { affected } = await update.run(ctx, row)
  if (affected === 0) throw returnErrors.reason_taken({ reason: code })
  emit(ctx, reasonEvents.updated({ reason_id: row.id, code }))
  return reasonOf(row)
}

/** Takes a reason off the list; what has it keeps it. Twice is harmless. */
export async function archiveReason(ctx: Context, { id }: GetReason): Promise<undefined> {
  await updateReason(ctx, { id, is_active: false })
}
