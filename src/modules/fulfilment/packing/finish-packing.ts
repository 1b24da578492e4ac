import { findOrder, lockOrder, printOrderNumber } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { told } from '../commands/told.ts'
import { fulfilmentErrors } from '../errors.ts'
import { fulfilmentOrderEvents } from '../events.ts'
import { find, lockWork } from '../find.ts'
import { printNumber } from '../numbers.ts'
import type { GetFulfilmentOrder, FulfilmentOrder as Told } from '../schemas.ts'
import { db } from '../tables.ts'
import { toldOf } from '../wire.ts'
import { fulfilmentOrdersOf, withLines } from '../work/rows.ts'
import { refuseHeld } from '../work/shipped.ts'
import { named } from '../work/store.ts'
import type { FulfilmentOrder } from '../work/units.ts'
import { cartonsOf, cartonsTold, cartonTold, cartonWeight } from './cartons.ts'
import { allToPack, pack, storePacked, unitsToPack } from './pack-carton.ts'
import type {
  Carton,
  CartonsOf,
  FindCarton,
  OrderPacked,
  PackingSlip,
  PackOrder,
} from './schemas.ts'

/** Says that all that was picked is packed; refuses (409) while the counts say otherwise. */
export async function finishPacking(ctx: Context, { id }: GetFulfilmentOrder): Promise<Told> {
  const { one } = await lockWork(ctx, id)
  if (one.packed_at !== null) return told(ctx, [one], one.id)
  return told(ctx, [await finish(ctx, one)], one.id)
}

async function finish(ctx: Context, one: FulfilmentOrder): Promise<FulfilmentOrder> {
  const differences = one.lines
    .filter((line) => line.picking_quantity > 0 || unitsToPack(line) > 0)
    .map(({ order_line_id, sku, picking_quantity, picked_quantity, packed_quantity }) => ({
      order_line_id,
      sku,
      picking_quantity,
      picked_quantity,
      packed_quantity,
    }))
  const [first] = differences
  const number = printNumber(one)
  if (first) {
    const { picked_quantity: picked, packed_quantity: packed, sku } = first
    const problem =
      first.picking_quantity > 0
        ? `${sku} is still being picked`
        : `of ${sku} ${picked} are picked and ${packed} packed`
    throw fulfilmentErrors.not_packed({ number, problem, differences })
  }
  if (!one.lines.some(({ packed_quantity }) => packed_quantity > 0)) {
    throw fulfilmentErrors.not_packed({ number, problem: 'nothing is packed' })
  }
  const cartons = await cartonsOf(ctx, [one.id])
  const weight_grams = cartons.reduce((sum, carton) => sum + cartonWeight(carton), 0)
  const stored = await storePacked(ctx, one)
  const packed = { ...named(one), cartons: cartons.length, weight_grams }
  emit(ctx, fulfilmentOrderEvents.packed(packed))
  return stored
}

/** Packs all that is picked of an order, at each location into one carton. */
export async function packOrder(ctx: Context, { id, preset }: PackOrder): Promise<OrderPacked> {
  const order = await lockOrder(ctx, id)
  const all = await fulfilmentOrdersOf(ctx, [order.id])
  const cartons: Carton[] = []
  const after: FulfilmentOrder[] = []
  let packed_quantity = 0
  for (const one of all) {
    const units = one.status === 'in_progress' ? allToPack(one) : []
    if (units.length === 0) {
      after.push(one)
      continue
    }
    await refuseHeld(ctx, one)
    const packed = await pack(ctx, one, { units, box: { ...(preset && { preset }) } })
    packed_quantity += units.reduce((sum, { quantity }) => sum + quantity, 0)
    cartons.push(cartonTold(packed.carton, packed.one))
    const isListed = packed.one.lines.some(({ picking_quantity }) => picking_quantity > 0)
    after.push(isListed ? packed.one : await finish(ctx, packed.one))
  }
  return {
    order_id: order.id,
    packed_quantity,
    cartons,
    fulfilment_orders: await toldOf(ctx, after),
  }
}

/** The cartons of a fulfilment order. */
export async function listCartons(ctx: Context, { id }: GetFulfilmentOrder): Promise<CartonsOf> {
  const [one] = await withLines(ctx, [await find(ctx, id)])
  return cartonsTold(await cartonsOf(ctx, [(one as FulfilmentOrder).id]), one as FulfilmentOrder)
}

const byCode = prepared(db, (open, p: { code: string }) =>
  open.selectFrom('cartons').select(['id', 'fulfilment_order_id']).where('code', '=', p.code),
)

/** The carton with a label. */
export async function findCarton(ctx: Context, { code }: FindCarton): Promise<Carton> {
  const row = await byCode.first(ctx, { code: code.trim().toUpperCase() })
  if (!row) throw fulfilmentErrors.carton_not_found({ number: code, carton_id: code })
  const [one] = await withLines(ctx, [await find(ctx, row.fulfilment_order_id)])
  const cartons = await cartonsOf(ctx, [row.fulfilment_order_id])
  const carton = cartons.find(({ id }) => id === row.id) as (typeof cartons)[number]
  return cartonTold(carton, one as FulfilmentOrder)
}

/** What is printed and put into the parcel: goods, quantities and where they go; no prices. */
export async function getPackingSlip(
  ctx: Context,
  { id }: GetFulfilmentOrder,
): Promise<PackingSlip> {
  const [one] = (await withLines(ctx, [await find(ctx, id)])) as [FulfilmentOrder]
  const [order, cartons] = await Promise.all([
    findOrder(ctx, one.order_id),
    cartonsOf(ctx, [one.id]),
  ])
  const { items, weight_grams } = cartonsTold(cartons, one)
  return {
    number: printNumber(one),
    order_number: printOrderNumber(order.number),
    order_date: order.placed_at,
    location_id: one.location_id,
    ship_to: order.shipping_address,
    note: one.note,
    items: one.lines
      .filter(({ quantity }) => quantity > 0)
      .map(({ sku, name, quantity, packed_quantity }) => ({
        sku,
        name,
        quantity,
        packed_quantity,
      })),
    cartons: items,
    weight_grams,
  }
}
