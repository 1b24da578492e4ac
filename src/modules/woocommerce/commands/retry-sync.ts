import type { Context } from '#platform/context'
import { wooErrors } from '../errors.ts'
import { syncLifecycle } from '../lifecycle.ts'
import { type GetSync, printSync, type Sync } from '../schemas.ts'
import { storeOf } from '../store.ts'
import { enqueueSync, findSync, waitingOf } from '../syncs.ts'
import { db } from '../tables.ts'

/**
 * Gives a sync that was given up a full set of tries from now on. If the same is waited for
 * already, that one is done at once instead. Refuses one that is not given up (409).
 */
export async function retrySync(ctx: Context, { id }: GetSync): Promise<Sync> {
  storeOf(ctx)
  const sync = await findSync(ctx, id)
  if (!sync) throw wooErrors.sync_not_found({ sync_id: id })
  const status = syncLifecycle.next(sync.status, 'retry')
  const waiting = await waitingOf(ctx, sync)
  const chosen = waiting ?? sync
  const change = { due_at: ctx.now, finished_at: null, status, attempts: 0 }
  await db(ctx).updateTable('woo_syncs').set(change).where('id', '=', chosen.id).execute()
  await enqueueSync(ctx, chosen.id, ctx.now)
  return printSync({ ...chosen, ...change })
}
