import { isUuid } from '#kit/ids'
import { findOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { wooErrors } from '../errors.ts'
import { keepRef, refNamed, refOf } from '../refs.ts'
import { storeOf } from '../store.ts'
import { askForSync, setOptions } from '../syncs.ts'
import type { RefRow, SyncRow } from '../tables.ts'
import type { Done } from '../work.ts'
import { importOrder } from './import-order.ts'
import { factsOfRemote } from './push-order.ts'
import { orderById } from './push-status.ts'
import { ORDER_META, type WooOrder } from './remote.ts'
import { wooStatusOf } from './status.ts'

/** Asked for because WooCommerce changed: then our side being as it was is no reason to stop. */
const BY_NEWS = { topic: 'news' }
/** What an order must be in WooCommerce to be one here: accepted, if not paid. */
const ACCEPTED = new Set(['processing', 'on-hold', 'completed'])

/** Looks at an order of which WooCommerce said, or we saw, that it is new or changed. */
export async function pullOrder(ctx: ProcessContext, { subject }: SyncRow): Promise<Done> {
  const external_id = subject
  const skip = (note: string): Done => ({ outcome: 'skipped', external_id, note })
  const remote = await orderById(storeOf(ctx), external_id)
  if (!remote) return skip('WooCommerce does not have it any more')
  const ref = await ctx.read((tx) => refNamed(tx, 'order', external_id))
  if (ref) {
    const why = whyOld(ref, remote)
    return why ? skip(why) : lookAgain(remote, ref.entity_id)
  }
  const ours = remote.meta.get(ORDER_META)
  if (ours !== undefined && isUuid(ours)) return link(ctx, remote, ours)
  if (ctx.settings.woocommerce_direction === 'to_woocommerce') return skip('it is unknown here')
  if (!ACCEPTED.has(remote.status)) return skip(`it is ${remote.status}, which is no order yet`)
  return {
    outcome: 'created',
    external_id,
    fields: ['line_items', 'billing', 'shipping', 'status'],
    isolation: 'read committed',
    commit: (tx) => importOrder(tx, remote),
  }
}

function whyOld({ remote_modified_at, snapshot }: RefRow, remote: WooOrder): string | undefined {
  const { modified_at } = remote
  if (!remote_modified_at || !modified_at) return undefined
  if (modified_at < remote_modified_at) return 'it is older than what is known'
  return snapshot?.there.status === remote.status ? 'nothing in it is new' : undefined
}

/** Its state is brought into step by the sync that does nothing else, one at a time. */
const lookAgain = ({ id }: WooOrder, order_id: string): Done => ({
  outcome: 'updated',
  external_id: String(id),
  note: 'its state is looked at',
  commit: async (tx) => {
    const { sync } = await askForSync(tx, { kind: 'order_status', subject: order_id }, 0)
    await setOptions(tx, sync.id, BY_NEWS)
  },
})

/**
 * An order that we sent ourselves, of which WooCommerce told before the answer was written down.
 * A second one of the same order is told to staff, and never taken for a new order.
 */
async function link(ctx: ProcessContext, remote: WooOrder, order_id: string): Promise<Done> {
  const external_id = String(remote.id)
  const known = await ctx.read(async (tx) => {
    const order = await findOrder(tx, order_id)
    return { order, ref: await refOf(tx, 'order', order_id) }
  })
  if (known.ref) {
    const { external_id: own } = known.ref
    throw wooErrors.order_twice({ order_id, external_id: own, other_id: external_id })
  }
  return {
    outcome: 'skipped',
    external_id,
    note: 'it is one that was sent from here',
    commit: async (tx: Context) => {
      await keepRef(tx, {
        kind: 'order',
        entity_id: known.order.id,
        external_id,
        snapshot: { here: { status: wooStatusOf(known.order) }, there: factsOfRemote(remote) },
        remote_modified_at: remote.modified_at,
      })
    },
  }
}
