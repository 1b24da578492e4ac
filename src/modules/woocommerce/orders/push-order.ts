import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { formatMoney, parseMoney } from '#kit/money'
import { findVariant } from '#modules/catalogue'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { wooErrors } from '../errors.ts'
import { keepRef } from '../refs.ts'
import { FORCED } from '../stock/sync-stock.ts'
import { storeOf, WooFault, type WooStore } from '../store.ts'
import { askedBefore, askForSync, markAsked, setOptions } from '../syncs.ts'
import type { SyncRow } from '../tables.ts'
import type { Also, Done } from '../work.ts'
import { orderBody } from './body.ts'
import { orderMadeSince, readOrder, type WooOrder } from './remote.ts'
import { wooStatusOf } from './status.ts'
import { counterpartsOf, isPaid, type OrderView, orderViewOf } from './view.ts'

/**
 * Sends a paid order to WooCommerce, once for good: that it is asked for is stored before, and
 * whoever comes after a lost answer or a crash looks for the order before another one is made.
 */
export async function pushOrder(ctx: ProcessContext, sync: SyncRow, also: Also): Promise<Done> {
  const store = storeOf(ctx)
  const view = await ctx.read((tx) => orderViewOf(tx, sync.subject))
  const { order, ref } = view
  if (ref) {
    return { outcome: 'skipped', external_id: ref.external_id, note: 'it is there already' }
  }
  if (!isPaid(order)) {
    if (sync.options.topic === undefined) throw unpaid(view)
    return { outcome: 'skipped', note: 'it is not paid, or was cancelled' }
  }
  const asked_at = await ctx.read((tx) => askedBefore(tx, sync))
  const known = asked_at === null ? undefined : await orderMadeSince(store, order.id, asked_at)
  const remote = known ?? (await make(ctx, { store, sync, view, also }))
  return {
    outcome: 'created',
    external_id: String(remote.id),
    fields: ['line_items', 'billing', 'shipping', 'status'],
    note: noteOf(view, remote, known !== undefined),
    commit: (tx) => remember(tx, view, remote),
  }
}

const unpaid = ({ order: { order_number } }: OrderView) => wooErrors.order_unpaid({ order_number })

/** An event asks for it too, and then an unpaid order is no fault. */
export const BY_EVENT = { topic: 'event' }

type Making = { store: WooStore; sync: SyncRow; view: OrderView; also: Also }

async function make(ctx: ProcessContext, { store, sync, view, also }: Making): Promise<WooOrder> {
  await sendProducts(ctx, view, also)
  const variants = variantsOf(view)
  const counterparts = await ctx.read((tx) => counterpartsOf(tx, variants))
  const body = orderBody(view, counterparts)
  await ctx.transaction((tx) => markAsked(tx, sync), 'read committed')
  return readOrder(await store.call({ method: 'post', path: 'orders', body }))
}

const variantsOf = ({ order }: OrderView): Id<'variant'>[] => [
  ...new Set(order.items.map(({ product_id }) => product_id)),
]

/** WooCommerce takes lines of products that it has: those that it has not are sent first. */
async function sendProducts(ctx: ProcessContext, view: OrderView, also: Also): Promise<void> {
  const products = await ctx.read(async (tx) => {
    const variants = variantsOf(view)
    const known = await counterpartsOf(tx, variants)
    const missing = variants.filter((id) => !known.has(id))
    return Promise.all(missing.map(async (id) => (await findVariant(tx, id)).product_id))
  })
  for (const subject of new Set(products)) {
    try {
      await also({ kind: 'product', subject, options: { direction: 'to_woocommerce' } })
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      throw new WooFault(`a product of the order: ${error.message}`)
    }
  }
}

function noteOf({ order }: OrderView, remote: WooOrder, wasFound: boolean): string | null {
  const notes = wasFound ? ['it had been made by a call whose answer was lost'] : []
  const ours = parseMoney(order.total_amount, order.currency)
  if (remote.total !== formatMoney(ours, order.currency)) {
    notes.push(`WooCommerce says that it costs ${remote.total}, not ${order.total_amount}`)
  }
  return notes.length > 0 ? notes.join('; ') : null
}

/** What is kept of an order there, also to answer whoever asks again. */
export const factsOfRemote = (remote: WooOrder) => ({
  status: remote.status,
  number: remote.number,
  total: remote.total,
  currency: remote.currency,
  created_at: remote.created_at ?? '',
})

async function remember(ctx: Context, view: OrderView, remote: WooOrder): Promise<void> {
  const { order } = view
  const external_id = String(remote.id)
  const stands = await keepRef(ctx, {
    kind: 'order',
    entity_id: order.id,
    external_id,
    // Both say that it is paid; what became of it here meanwhile is told next.
    snapshot: { here: { status: 'processing' }, there: factsOfRemote(remote) },
    remote_modified_at: remote.modified_at,
  })
  if (stands.external_id !== external_id) {
    throw new Error(`order ${order.id} is ${stands.external_id} and ${external_id} in WooCommerce`)
  }
  // It has taken the units off its own stock, and ours was told already: so it is told again.
  for (const subject of variantsOf(view)) {
    const { sync } = await askForSync(ctx, { kind: 'stock', subject, options: FORCED })
    await setOptions(ctx, sync.id, FORCED)
  }
  if (wooStatusOf(order) !== remote.status) {
    await askForSync(ctx, { kind: 'order_status', subject: order.id })
  }
}
