import { sql } from 'kysely'
import { Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { type ImportKind, kindOf } from '#platform/imports/kind'
import { ENDED } from '#platform/imports/lifecycle'
import { findImport, runImport } from '#platform/imports/run'
import { db } from '#platform/imports/tables'
import { enqueue, type Job, type Schedule } from '#platform/jobs'

/** How long one turn works; shorter than the lease, so that a crash is noticed soon. */
const TURN_MS = 15_000
const LEASE_MS = 60_000

type Turn = { import_id: Id<'import'> }

/** The job of a kind: it works on an import for a while, then asks for its next turn. */
export const importJob = ({ job }: Pick<ImportKind, 'job'>): Job<Turn> => ({
  name: job,
  payload: Type.Object({ import_id: IdSchema('import') }),
  lease_ms: LEASE_MS,
  run: async (ctx, { import_id }) => {
    const end = performance.now() + TURN_MS
    const { status } = await runImport(ctx, import_id, { isOver: () => performance.now() > end })
    if (ENDED.includes(status)) return
    await ctx.transaction((tx) => askForTurn(tx, import_id), 'read committed')
  },
})

/** Asks for the next turn of an import, in the caller's transaction. */
export async function askForTurn(ctx: Context, import_id: Id<'import'>): Promise<void> {
  const { kind } = await findImport(ctx, import_id)
  await enqueue(ctx, { name: kindOf(ctx, kind).job }, { payload: { import_id } })
}

const BATCH = 2_000
const BATCHES_MAX = 20
/** An upload of which nothing was heard for so long has broken off. */
const SILENT_MS = 60 * 60 * 1000

const deleteLeft = prepared(db, (open, _: object) =>
  rawQuery(
    open,
    sql<never>`delete from import_rows where (import_id, group_no, line) in (
      select r.import_id, r.group_no, r.line from imports as i
      join import_rows as r on r.import_id = i.id
      where i.status in ('done', 'checked', 'refused', 'cancelled')
      limit ${sql.lit(BATCH)})`,
  ),
)

/** Forgets the rows of imports that will never apply them, and uploads that broke off. */
export const importSchedules: readonly Schedule[] = [
  {
    name: 'catalogue.clear_imports',
    every_ms: 30_000,
    run: async (process) => {
      await process.transaction(async (tx) => {
        const before = new Date(Date.parse(tx.now) - SILENT_MS).toISOString()
        await db(tx)
          .updateTable('imports')
          .set({ status: 'refused', problem: 'The upload broke off.', finished_at: tx.now })
          .where('status', '=', 'reading')
          .where('updated_at', '<', before)
          .execute()
      }, 'read committed')
      for (let nth = 0; nth < BATCHES_MAX; nth++) {
        const { affected } = await process.transaction(
          (tx) => deleteLeft.run(tx, {}),
          'read committed',
        )
        if (affected < BATCH) break
      }
    },
  },
]
