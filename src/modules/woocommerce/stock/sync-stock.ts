import type { Id } from '#kit/ids'
import { findVariant, productAfter } from '#modules/catalogue'
import { stockChangedAt } from '#modules/inventory'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { wooErrors } from '../errors.ts'
import type { Direction } from '../lifecycle.ts'
import { stockBody } from '../products/bodies.ts'
import {
  pathOf,
  productById,
  productBySku,
  readProduct,
  type WooProduct,
} from '../products/remote.ts'
import { reconcile } from '../reconcile.ts'
import { keepRef, refOf } from '../refs.ts'
import { storeOf, WooFault, type WooStore } from '../store.ts'
import type { Facts, RefRow, SyncRow } from '../tables.ts'
import type { Done } from '../work.ts'
import { countAvailable } from './count-available.ts'

/** Asked for because WooCommerce counts its own stock down: then ours is told in any case. */
export const FORCED = { topic: 'forced' }

type View = {
  variant_id: Id<'variant'>
  item_id: Id<'item'> | null
  sku: string
  available: number | null
  changed_at: string | null
  ref: RefRow | undefined
}

/** Reads what can be promised of a variant here. */
async function viewOf(ctx: Context, ref: string): Promise<View> {
  const { id: variant_id, product_id, item_id, sku } = await findVariant(ctx, ref)
  const { variants } = await productAfter(ctx, product_id)
  const available = variants.find(({ id }) => id === variant_id)?.available_quantity ?? null
  const changed_at = item_id ? await stockChangedAt(ctx, item_id) : null
  const known = await refOf(ctx, 'variant', variant_id)
  return { variant_id, item_id, sku, available, changed_at, ref: known }
}

/**
 * Brings the stock of a variant into step. It is always told as it is: a difference told twice
 * would be taken off twice. By itself it only goes out, because what WooCommerce sells comes over
 * as orders, which take it off here.
 */
export async function syncStock(ctx: ProcessContext, sync: SyncRow): Promise<Done> {
  const { direction, topic } = sync.options
  const store = storeOf(ctx)
  const view = await ctx.read((tx) => viewOf(tx, sync.subject))
  const byEvent = direction === undefined
  const external_id = view.ref?.external_id ?? null
  const skip = (note: string): Done => ({ outcome: 'skipped', external_id, note })
  if (view.available === null || !view.item_id) {
    if (byEvent) return skip('no stock is kept of it')
    throw wooErrors.no_stock_kept({ sku: view.sku })
  }
  const here = { stock_quantity: String(view.available) }
  const last = view.ref?.snapshot?.here.stock_quantity
  if (byEvent && !view.ref) return skip('WooCommerce does not have it')
  if (byEvent && topic === undefined && last === here.stock_quantity) {
    return skip('its stock is as it was told')
  }
  const found = await findThere(store, view)
  if (!found) {
    if (byEvent) return skip('WooCommerce does not have it')
    throw wooErrors.not_in_woocommerce({ sku: view.sku })
  }
  return settle(store, {
    view,
    here,
    found,
    direction: (direction ?? 'to_woocommerce') as Direction,
  })
}

async function findThere(store: WooStore, { ref, sku }: View): Promise<WooProduct | undefined> {
  const known = ref && (await productById(store, ref.external_id, ref.parent_external_id))
  return known ?? productBySku(store, sku)
}

type Found = { view: View; here: Facts; found: WooProduct; direction: Direction }

async function settle(store: WooStore, { view, here, found, direction }: Found): Promise<Done> {
  const there = stockThere(found)
  const { push, pull } = reconcile({
    here,
    there,
    last: view.ref?.snapshot ?? null,
    here_at: view.changed_at,
    there_at: found.modified_at,
    direction,
  })
  // What keeps no stock there yet is told, unless we only listen.
  const tells = push.length > 0 || (!isKept(found) && direction !== 'from_woocommerce')
  const remote = tells ? await tell(store, found, Number(here.stock_quantity)) : found
  const taken = pull.length > 0 && isKept(found) ? found.stock_quantity : null
  return {
    outcome: tells ? 'updated' : taken === null ? 'skipped' : 'pulled',
    external_id: String(found.id),
    fields: tells || taken !== null ? ['stock_quantity'] : [],
    note: null,
    commit: (tx) => remember(tx, view, { remote, taken }),
  }
}

const isKept = ({ manage_stock, stock_quantity }: WooProduct): boolean =>
  manage_stock === true && stock_quantity !== null

const stockThere = (found: WooProduct): Facts =>
  isKept(found) ? { stock_quantity: String(Math.max(0, found.stock_quantity ?? 0)) } : {}

async function tell(store: WooStore, { id, parent_id }: WooProduct, available: number) {
  const call = { method: 'put' as const, path: pathOf(id, parent_id), body: stockBody(available) }
  return readProduct(await store.call(call))
}

type Settled = { remote: WooProduct; taken: number | null }

async function remember(ctx: Context, view: View, { remote, taken }: Settled): Promise<void> {
  const { variant_id, item_id, sku, available, ref } = view
  if (taken !== null && item_id) {
    const now = await viewOf(ctx, variant_id)
    if (now.available !== available) throw new WooFault('its stock changed here meanwhile')
    await countAvailable(ctx, { item_id, sku, available: available ?? 0, wanted: taken })
  }
  const last = ref?.snapshot
  const here = { stock_quantity: String(taken ?? available) }
  const replaces = ref?.external_id
  await keepRef(
    ctx,
    {
      kind: 'variant',
      entity_id: variant_id,
      external_id: String(remote.id),
      parent_external_id: remote.parent_id ? String(remote.parent_id) : null,
      snapshot: {
        here: { ...last?.here, ...here },
        there: { ...last?.there, ...stockThere(remote) },
      },
      remote_modified_at: remote.modified_at,
    },
    replaces,
  )
}
