import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { reconcile } from '../reconcile.ts'
import { keepRef } from '../refs.ts'
import { isMissing, storeOf, type WooStore } from '../store.ts'
import type { Facts, RefRow, SyncRow } from '../tables.ts'
import type { Done } from '../work.ts'
import { factsOfRemote } from './push-order.ts'
import { readOrder, type WooOrder } from './remote.ts'
import { followStatus, wooStatusOf } from './status.ts'
import { trackingOf } from './tracking.ts'
import { orderViewOf } from './view.ts'

/** Brings the state of an order into step, whichever side it changed on. */
export async function pushOrderStatus(ctx: ProcessContext, sync: SyncRow): Promise<Done> {
  const { order, ref } = await ctx.read((tx) => orderViewOf(tx, sync.subject))
  if (!ref) return { outcome: 'skipped', note: 'WooCommerce does not have it' }
  const { external_id } = ref
  const skip = (note: string): Done => ({ outcome: 'skipped', external_id, note })
  const here = { status: wooStatusOf(order) }
  const byEvent = sync.options.topic === undefined
  if (byEvent && ref.snapshot?.here.status === here.status) return skip('nothing has changed here')
  const store = storeOf(ctx)
  const remote = await orderById(store, external_id)
  if (!remote) return skip('WooCommerce does not have it any more')
  const there = { status: remote.status }
  const here_at = order.updated_at
  const last = ref.snapshot
  const plan = reconcile({
    here,
    there,
    last,
    here_at,
    there_at: remote.modified_at,
    direction: 'bidirectional',
  })
  const seen = { ref, here, remote }
  if (plan.pull.length > 0) return pulled(order.id, seen)
  if (plan.push.length === 0) return { ...skip('both say the same'), commit: kept(order.id, seen) }
  const meta_data = await ctx.read((tx) => trackingOf(tx, order.id))
  const body = { ...here, ...(meta_data.length > 0 && { meta_data }) }
  const told = readOrder(await store.call({ method: 'put', path: `orders/${external_id}`, body }))
  const commit = kept(order.id, { ...seen, remote: told })
  return { outcome: 'updated', external_id, fields: Object.keys(body), commit }
}

/** An order of WooCommerce; undefined if it is there no more. */
export async function orderById(store: WooStore, id: string): Promise<WooOrder | undefined> {
  try {
    return readOrder(await store.call({ method: 'get', path: `orders/${id}` }))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

type Seen = { ref: RefRow; here: Facts; remote: WooOrder }

function pulled(order_id: Id<'order'>, seen: Seen): Done {
  const { remote, ref } = seen
  const done: Done = {
    outcome: 'pulled',
    external_id: ref.external_id,
    fields: ['status'],
    // The lock is taken before anything is read.
    isolation: 'read committed',
    commit: async (tx) => {
      done.note = await followStatus(tx, order_id, remote.status)
      // What it could not become here is known from now on, and asked for no more.
      await kept(order_id, { ...seen, here: { status: await statusNow(tx, order_id) } })(tx)
    },
  }
  return done
}

const statusNow = async (ctx: Context, order_id: string): Promise<string> =>
  wooStatusOf((await orderViewOf(ctx, order_id)).order)

/** Remembers what both sides say. */
const kept =
  (order_id: Id<'order'>, { ref, here, remote }: Seen) =>
  async (ctx: Context): Promise<void> => {
    await keepRef(ctx, {
      kind: 'order',
      entity_id: order_id,
      external_id: ref.external_id,
      snapshot: { here, there: factsOfRemote(remote) },
      remote_modified_at: remote.modified_at,
    })
  }
