import type { Id } from '#kit/ids'
import { packingFacts } from '#modules/catalogue'
import { firstLocation, promisesTo } from '#modules/inventory'
import { linesOf, type OrderLine, type OrderRow, openUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { isLive } from '../lifecycle.ts'
import { applied } from './apply.ts'
import {
  type Awaited,
  type Because,
  type Facts,
  type HeldAt,
  type OpenLine,
  refit,
} from './refit.ts'
import { fulfilmentOrdersOf } from './rows.ts'
import { storeWork } from './store.ts'
import { type FulfilmentOrder, linesLeft } from './units.ts'

/** A line of an order, as far as work needs to know it. */
export type WorkLine = OpenLine & {
  variant_id: Id<'variant'>
  position: number
  sku: string
  name: string
}

/** Everything that decides how the work of one order must look. */
export type Scene = {
  order: OrderRow
  lines: WorkLine[]
  held: HeldAt[]
  awaited: (Awaited & { promised_at: string | null })[]
  orders: FulfilmentOrder[]
}

/**
 * Makes work for all units of the order that have none: where they are held, and waiting where they
 * are backordered. Units of which no stock is tracked go to where the rest of the order is, else to
 * the first location; downloads need no work. The order's lock is held. A second call makes
 * nothing. Answers all fulfilment orders of the order.
 */
export const ensureFulfilmentOrders = (ctx: Context, order: OrderRow): Promise<FulfilmentOrder[]> =>
  refitWork(ctx, order, 'ensure')

/** Brings the work of an order in line with its units and promises; its lock is held. */
export const refitWork = (
  ctx: Context,
  order: OrderRow,
  because: Because,
): Promise<FulfilmentOrder[]> => refitWorkOf(ctx, [order], because)

/** The same for many orders, all locked: as many statements for one as for many. */
export async function refitWorkOf(
  ctx: Context,
  orders: readonly OrderRow[],
  because: Because,
): Promise<FulfilmentOrder[]> {
  const scenes = await scenesOf(ctx, orders)
  const facts = await factsOf(ctx, scenes, because)
  const before = scenes.flatMap((scene) => scene.orders)
  let isSame = true
  const after = scenes.flatMap((scene, nth) => {
    const plan = refit(facts[nth] as Facts, because)
    const own = applied(ctx, scene, { plan, because })
    const isFit = plan.shifts.length === 0 && plan.routes.length === 0 && own === scene.orders
    if (!isFit) isSame = false
    return own
  })
  return isSame ? before : storeWork(ctx, before, after)
}

/** Reads lines, promises and work of orders: four statements that travel together. */
async function scenesOf(ctx: Context, orders: readonly OrderRow[]): Promise<Scene[]> {
  const ids = orders.map(({ id }) => id)
  const references = ids.map((id) => ({ reference_type: 'order', reference_id: id as string }))
  const [lines, promises, work] = await Promise.all([
    linesOf(ctx, ids),
    promisesTo(ctx, references),
    fulfilmentOrdersOf(ctx, ids),
  ])
  const held = Map.groupBy(promises.held, ({ reference_id }) => reference_id)
  const awaited = Map.groupBy(promises.awaited, ({ reference_id }) => reference_id)
  const known = Map.groupBy(work, ({ order_id }) => order_id)
  return orders.map((order) => ({
    order,
    lines: (lines.get(order.id) ?? []).map((line) => workLine(order, line)),
    held: promisesOf(held.get(order.id) ?? []),
    awaited: (awaited.get(order.id) ?? []).map(({ item_id, quantity, kind, promised_at }) => ({
      item_id,
      quantity,
      why: kind,
      promised_at,
    })),
    orders: known.get(order.id) ?? [],
  }))
}

const workLine = ({ status }: OrderRow, line: OrderLine): WorkLine => ({
  order_line_id: line.id,
  item_id: line.item_id,
  variant_id: line.variant_id,
  position: line.position,
  sku: line.sku,
  name: line.name,
  open: status === 'cancelled' ? 0 : openUnits(line),
})

/** Promises of one item at one location as one. */
function promisesOf(held: readonly (Omit<HeldAt, 'why'> & { why: string | null })[]): HeldAt[] {
  const groups = Map.groupBy(held, ({ item_id, location_id }) => `${item_id} ${location_id}`)
  return [...groups.values()].map((same) => {
    const { item_id, location_id, why } = same[0] as (typeof held)[number]
    const quantity = same.reduce((units, one) => units + one.quantity, 0)
    return { item_id, location_id, quantity, why: why ?? 'availability' }
  })
}

/** What decides how the work of each must look, in the same order. */
async function factsOf(ctx: Context, scenes: readonly Scene[], because: Because): Promise<Facts[]> {
  const wanted = scenes.map((scene) => wantedOf(scene, because))
  const variants = wanted.flatMap(({ asked }) => asked.map(({ variant_id }) => variant_id))
  const packing = await packingFacts(ctx, [...new Set(variants)])
  const isSent = (line: WorkLine) => packing.get(line.variant_id)?.is_digital !== true
  const isNowhere = (line: WorkLine) => line.item_id === null && isSent(line)
  const nowhere = wanted.some(({ asked }) => asked.some(isNowhere))
  const fallback = nowhere ? ((await firstLocation(ctx))?.id ?? null) : null
  return scenes.map(({ lines, held, awaited }, nth) => {
    const { work, asked } = wanted[nth] as Wanted
    const sent = lines.filter((line) => !asked.includes(line) || isSent(line))
    return { lines: sent, held, awaited, work, fallback: asked.some(isNowhere) ? fallback : null }
  })
}

type Wanted = Pick<Facts, 'work'> & { asked: WorkLine[] }

/** The work that there is, and the lines that may need some. */
function wantedOf({ orders, lines }: Scene, because: Because): Wanted {
  const work = orders
    .filter(({ status }) => isLive(status))
    .flatMap((one) =>
      linesLeft(one).map((line) => ({ ...line, nth: one.nth, location_id: one.location_id })),
    )
  const worked = new Set<string>(work.map(({ order_line_id }) => order_line_id))
  const isFresh = ({ order_line_id, open }: WorkLine) => open > 0 && !worked.has(order_line_id)
  return { work, asked: because === 'ensure' ? lines.filter(isFresh) : [] }
}

/** Units of an order that must leave and are in no fulfilment order. */
export async function unroutedLines(
  ctx: Context,
  order: Pick<OrderRow, 'id' | 'status'>,
  orders: readonly FulfilmentOrder[],
) {
  if (order.status === 'cancelled') return []
  const lines = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  const left = orders
    .filter(({ status }) => isLive(status))
    .flatMap(linesLeft)
    .map(({ order_line_id, quantity, shipped_quantity }) => ({
      order_line_id,
      units: quantity - shipped_quantity,
    }))
  const rest = lines.flatMap(({ id, sku, variant_id, open_quantity }) => {
    const worked = left.filter((one) => one.order_line_id === id)
    const units = open_quantity - worked.reduce((sum, one) => sum + one.units, 0)
    return units > 0 ? [{ order_line_id: id, sku, variant_id, quantity: units }] : []
  })
  const facts = await packingFacts(ctx, [...new Set(rest.map(({ variant_id }) => variant_id))])
  return rest
    .filter(({ variant_id }) => facts.get(variant_id)?.is_digital !== true)
    .map(({ variant_id: _, ...units }) => units)
}
