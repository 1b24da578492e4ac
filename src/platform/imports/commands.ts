import type { Context } from '#platform/context'
import { askForTurn } from '#platform/imports/job'
import { importLifecycle } from '#platform/imports/lifecycle'
import { getImport } from '#platform/imports/queries'
import { findImport, type ImportRow, move } from '#platform/imports/run'
import type { GetImport, Import } from '#platform/imports/schemas'

/** Stops an import; what it has applied stays. Refuses one that has ended. */
export async function cancelImport(ctx: Context, { id }: GetImport): Promise<Import> {
  const row = await findImport(ctx, id)
  await move(ctx, row, { status: importLifecycle.next(row.status, 'cancel') })
  return getImport(ctx, { id })
}

/** Takes up an import that failed, where it stopped. */
export async function resumeImport(ctx: Context, { id }: GetImport): Promise<Import> {
  const row = await findImport(ctx, id)
  await reopenImport(ctx, row)
  await askForTurn(ctx, id)
  return getImport(ctx, { id })
}

/** Makes a failed import one that goes on, without asking for a turn. */
export async function reopenImport(ctx: Context, row: ImportRow): Promise<void> {
  const isChecked = row.rows_checked === row.rows_read
  const status = importLifecycle.next(row.status, isChecked ? 'reapply' : 'recheck')
  await move(ctx, row, { status, problem: null })
}
