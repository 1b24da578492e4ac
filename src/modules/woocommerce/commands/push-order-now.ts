import type { ProcessContext } from '#platform/processes'
import { wooErrors } from '../errors.ts'
import { isPaid, type OrderView, orderViewOf } from '../orders/view.ts'
import { syncNow } from '../perform.ts'
import type { OrderPushed, PushOrder } from '../schemas.ts'
import { storeOf } from '../store.ts'
import type { RefRow, SyncRow } from '../tables.ts'

/**
 * Sends a paid order to WooCommerce now, or answers the order that it is there already. Throws
 * `order_unpaid`, `sync_running`, `sync_failed`.
 */
export async function pushOrderNow(ctx: ProcessContext, input: PushOrder): Promise<OrderPushed> {
  const { url } = storeOf(ctx)
  const view = await ctx.read((tx) => orderViewOf(tx, input.order_id))
  const { order, ref } = view
  if (!ref && !isPaid(order)) {
    throw wooErrors.order_unpaid({ order_number: order.order_number })
  }
  const sync = await syncNow(ctx, { kind: 'order', subject: order.id, options: {} })
  const now = await ctx.read((tx) => orderViewOf(tx, order.id))
  if (!now.ref) throw wooErrors.sync_failed({ problem: sync.note ?? 'it is not there' })
  return pushed(now, { url, ref: now.ref, sync })
}

type There = { url: string; ref: RefRow; sync: SyncRow }

function pushed({ order }: OrderView, { url, ref, sync }: There): OrderPushed {
  const there = ref.snapshot?.there ?? {}
  return {
    sync_id: sync.id,
    order_id: order.id,
    order_number: order.order_number,
    woocommerce_order_id: Number(ref.external_id),
    woocommerce_order_number: there.number ?? ref.external_id,
    status: there.status ?? 'processing',
    total: there.total ?? order.total_amount,
    currency: there.currency ?? order.currency,
    order_url: `${url}/my-account/view-order/${ref.external_id}/`,
    created_at: there.created_at || ref.created_at,
  }
}
