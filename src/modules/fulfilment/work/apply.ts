import type { Id } from '#kit/ids'
import type { OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { isLive } from '../lifecycle.ts'
import type { Scene, WorkLine } from './ensure.ts'
import type { Because, Refit, Route } from './refit.ts'
import { moved, settled } from './settle.ts'
import {
  type FulfilmentLine,
  type FulfilmentOrder,
  lessUnits,
  linesLeft,
  shippedLine,
} from './units.ts'

const REASONS: Record<Because, string> = {
  ensure: 'its units are promised elsewhere',
  follow: 'its units are not wanted any more',
  shipped: 'its units left otherwise',
}

/** The fulfilment orders of an order after `plan`; the very same list if nothing changes. */
export function applied(
  ctx: Context,
  scene: Scene,
  { plan, because }: { plan: Refit; because: Because },
): FulfilmentOrder[] {
  let orders = scene.orders.map((one) => shifted(one, plan))
  for (const [location_id, routes] of Map.groupBy(plan.routes, (route) => route.location_id)) {
    const place = placeFor(ctx, orders, { location_id, order: scene.order, why: routes[0]?.why })
    const filled = withRoutes(place, routes, scene.lines)
    orders = orders.some(({ id }) => id === filled.id)
      ? orders.map((one) => (one.id === filled.id ? filled : one))
      : [...orders, filled]
  }
  const after = orders.map((one, nth) => {
    const was = scene.orders[nth]
    const dated = withPromise(one, scene)
    return dated === was ? was : settled(ctx, dated, REASONS[because])
  })
  const isSame =
    after.length === scene.orders.length && after.every((one, n) => one === scene.orders[n])
  return isSame ? scene.orders : after
}

function shifted(one: FulfilmentOrder, { shifts }: Refit): FulfilmentOrder {
  const own = shifts.filter(({ fulfilment_order_id }) => fulfilment_order_id === one.id)
  if (own.length === 0) return one
  const lines = one.lines.map((line) => {
    const shift = own.find(({ order_line_id }) => order_line_id === line.order_line_id)
    if (!shift) return line
    const less = shift.withdrawn > 0 ? lessUnits(line, shift.withdrawn) : line
    return shift.shipped > 0 ? shippedLine(less, shift.shipped) : less
  })
  return { ...one, lines, packed_at: null }
}

type Place = { location_id: Id<'location'> | null; order: OrderRow; why: string | undefined }

/**
 * Where routed units go: to untouched work at their location, else to what waited for them and has
 * nothing else left, else to new work.
 */
function placeFor(
  ctx: Context,
  orders: readonly FulfilmentOrder[],
  { location_id, order, why = 'default' }: Place,
): FulfilmentOrder {
  const isUntouched = ({ status, holds, fulfil_at }: FulfilmentOrder) =>
    location_id === null ? status === 'waiting' : status === 'open' && holds === 0 && !fulfil_at
  const there = orders.find((one) => one.location_id === location_id && isUntouched(one))
  if (there) return there
  const waited = orders.find((one) => one.status === 'waiting' && linesLeft(one).length === 0)
  if (waited && location_id !== null) {
    const promised = moved(ctx, waited, { move: 'promise' })
    return { ...promised, location_id, why, promised_at: null }
  }
  const nth = Math.max(0, ...orders.map((one) => one.nth)) + 1
  return newFulfilmentOrder(ctx, { order, nth, location_id, why })
}

type New = { order: OrderRow; nth: number; location_id: Id<'location'> | null; why: string }

/** A fulfilment order without lines, open at its location or waiting for one. */
export const newFulfilmentOrder = (
  ctx: Context,
  { order, nth, location_id, why }: New,
): FulfilmentOrder => ({
  id: ctx.newId('fulfilment_order'),
  order_id: order.id,
  order_number: order.number,
  nth,
  location_id,
  status: location_id === null ? 'waiting' : 'open',
  order_status: order.status,
  why,
  status_reason: null,
  holds: 0,
  fulfil_at: null,
  due_at: null,
  promised_at: null,
  note: null,
  version: 1,
  started_at: null,
  packed_at: null,
  closed_at: null,
  created_at: ctx.now,
  updated_at: ctx.now,
  lines: [],
})

function withRoutes(
  place: FulfilmentOrder,
  routes: readonly Route[],
  lines: readonly WorkLine[],
): FulfilmentOrder {
  const more = routes.flatMap(({ order_line_id, quantity }) => {
    const line = lines.find((one) => one.order_line_id === order_line_id)
    return line ? [{ line, quantity }] : []
  })
  return more.reduce((one, { line, quantity }) => withUnits(one, line, quantity), place)
}

type LineFacts = Pick<
  FulfilmentLine,
  'order_line_id' | 'item_id' | 'variant_id' | 'position' | 'sku' | 'name'
>

/** A fulfilment order with so many more units of a line. */
export function withUnits(one: FulfilmentOrder, line: LineFacts, units: number): FulfilmentOrder {
  const has = one.lines.some(({ order_line_id }) => order_line_id === line.order_line_id)
  if (has) {
    const lines = one.lines.map((own) =>
      own.order_line_id === line.order_line_id ? { ...own, quantity: own.quantity + units } : own,
    )
    return { ...one, lines }
  }
  const { order_line_id, item_id, variant_id, position, sku, name } = line
  const fresh: FulfilmentLine = {
    fulfilment_order_id: one.id,
    order_line_id,
    item_id,
    variant_id,
    position,
    sku,
    sku_key: sku.toLowerCase(),
    name,
    quantity: units,
    picking_quantity: 0,
    picked_quantity: 0,
    packed_quantity: 0,
    shipped_quantity: 0,
    withdrawn_quantity: 0,
  }
  return { ...one, lines: [...one.lines, fresh].sort((a, b) => a.position - b.position) }
}

/** What waits is promised for when the last of its items is expected, as far as that is known. */
function withPromise(one: FulfilmentOrder, { awaited }: Scene): FulfilmentOrder {
  if (one.status !== 'waiting' || !isLive(one.status)) return one
  const items = new Set<string | null>(linesLeft(one).map(({ item_id }) => item_id))
  const dates = awaited.filter(({ item_id }) => items.has(item_id)).map((row) => row.promised_at)
  const promised_at = dates.includes(null) ? null : (dates.toSorted().at(-1) ?? null)
  return promised_at === one.promised_at ? one : { ...one, promised_at }
}
