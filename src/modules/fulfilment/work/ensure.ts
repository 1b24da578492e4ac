import type { Id } from '#kit/ids'
import { packingFacts } from '#modules/catalogue'
import { backordersOf, firstLocation, heldBy } from '#modules/inventory'
import { linesOf, type OrderRow, openUnits } from '#modules/orders'
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
export async function refitWork(
  ctx: Context,
  order: OrderRow,
  because: Because,
): Promise<FulfilmentOrder[]> {
  const scene = await sceneOf(ctx, order)
  const facts = await factsOf(ctx, scene, because)
  const plan = refit(facts, because)
  const after = applied(ctx, scene, { plan, because })
  if (plan.shifts.length === 0 && plan.routes.length === 0 && after === scene.orders) {
    return scene.orders
  }
  return storeWork(ctx, scene.orders, after)
}

/** Reads an order's lines, promises and work: five statements that travel together. */
export async function sceneOf(ctx: Context, order: OrderRow): Promise<Scene> {
  const reference = { reference_type: 'order', reference_id: order.id }
  const [lines, held, awaited, orders] = await Promise.all([
    linesOf(ctx, [order.id]),
    heldBy(ctx, [reference]),
    backordersOf(ctx, [reference]),
    fulfilmentOrdersOf(ctx, [order.id]),
  ])
  const isOver = order.status === 'cancelled'
  return {
    order,
    lines: (lines.get(order.id) ?? []).map((line) => ({
      order_line_id: line.id,
      item_id: line.item_id,
      variant_id: line.variant_id,
      position: line.position,
      sku: line.sku,
      name: line.name,
      open: isOver ? 0 : openUnits(line),
    })),
    held: promisesOf(held),
    awaited: awaited.map(({ item_id, quantity, kind, promised_at }) => ({
      item_id,
      quantity,
      why: kind,
      promised_at,
    })),
    orders,
  }
}

/** Promises of one item at one location as one. */
function promisesOf(held: readonly (Omit<HeldAt, 'why'> & { why: string | null })[]): HeldAt[] {
  const groups = Map.groupBy(held, ({ item_id, location_id }) => `${item_id} ${location_id}`)
  return [...groups.values()].map((same) => {
    const { item_id, location_id, why } = same[0] as (typeof held)[number]
    const quantity = same.reduce((units, one) => units + one.quantity, 0)
    return { item_id, location_id, quantity, why: why ?? 'availability' }
  })
}

async function factsOf(ctx: Context, scene: Scene, because: Because): Promise<Facts> {
  const work = scene.orders
    .filter(({ status }) => isLive(status))
    .flatMap((one) =>
      linesLeft(one).map((line) => ({ ...line, nth: one.nth, location_id: one.location_id })),
    )
  const worked = new Set<string>(work.map(({ order_line_id }) => order_line_id))
  const fresh = scene.lines.filter(
    ({ order_line_id, open }) => open > 0 && !worked.has(order_line_id),
  )
  const asked = because === 'ensure' ? fresh : []
  const facts = await packingFacts(ctx, [...new Set(asked.map(({ variant_id }) => variant_id))])
  const isSent = (line: WorkLine) => facts.get(line.variant_id)?.is_digital !== true
  const lines = scene.lines.filter((line) => !asked.includes(line) || isSent(line))
  const nowhere = asked.some((line) => line.item_id === null && isSent(line))
  const fallback = nowhere ? ((await firstLocation(ctx))?.id ?? null) : null
  return { lines, held: scene.held, awaited: scene.awaited, work, fallback }
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
