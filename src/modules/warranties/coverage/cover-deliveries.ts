import type { Id } from '#kit/ids'
import { linesOf, type OrderLine, orderOfMoney } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { warrantyEvents } from '../events.ts'
import { addDays } from '../months.ts'
import { plansOfProducts } from '../plans/plans.ts'
import { db, type PlanRow, serialKey, type WarrantyRow } from '../tables.ts'
import { emitCreated } from './create-warranty.ts'
import { told } from './schemas.ts'
import { type Cover, coveringSerials, insertNew, newWarranty, saveWarranty } from './store.ts'

/** Units of an order that have arrived. */
export type Delivery = {
  order_id: Id<'order'>
  /** Null where they were shipped without a document. */
  shipment_id: Id<'shipment'> | null
  units: readonly { order_line_id: Id<'order_line'>; quantity: number }[]
  serial_numbers: readonly {
    order_line_id: Id<'order_line'>
    serial_numbers: readonly string[]
  }[]
  delivered_at: string
}

/**
 * Covers what has arrived and is sold with a plan: each unit with a serial number by itself, the
 * others of a line together. Told twice it changes nothing. What was sent in place of something
 * broken is not covered anew: it inherits. A constant number of statements for any delivery.
 */
export async function coverDelivery(ctx: Context, delivery: Delivery): Promise<WarrantyRow[]> {
  const { order_id } = delivery
  const lines = (await linesOf(ctx, [order_id])).get(order_id) ?? []
  const arrived = lines.filter(({ id }) =>
    delivery.units.some(({ order_line_id }) => order_line_id === id),
  )
  const plans = await plansOfProducts(ctx, [...new Set(arrived.map((line) => line.product_id))])
  if (plans.size === 0 || (await isReplacement.first(ctx, { order_id }))) return []
  if (delivery.shipment_id === null && (await isCovered.first(ctx, { order_id }))) return []
  const { customer_id } = await orderOfMoney(ctx, order_id)
  const covers = arrived.flatMap((line) => {
    const plan = plans.get(line.product_id)
    return plan && customer_id ? coversOf(line, { plan, delivery, customer_id }) : []
  })
  await makeRoom(ctx, covers)
  const made = await insertNew(
    ctx,
    covers.map((cover) => newWarranty(ctx, cover)),
  )
  emitCreated(ctx, made)
  return made
}

const isReplacement = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('warranty_remedies')
    .select('id')
    .where('order_id', '=', p.order_id)
    .where('kind', '=', 'replace')
    .limit(1),
)

/** What arrived without a shipment is told by the order, once. */
const isCovered = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('warranties')
    .select('id')
    .where('order_id', '=', p.order_id)
    .where('order_line_id', 'is not', null)
    .where('shipment_id', 'is', null)
    .limit(1),
)

type Sold = { plan: PlanRow; delivery: Delivery; customer_id: Id<'customer'> }

function coversOf(line: OrderLine, { plan, delivery, customer_id }: Sold): Cover[] {
  const { order_id, shipment_id, delivered_at } = delivery
  const waits = plan.starts === 'activation'
  const cover: Cover = {
    product_id: line.product_id,
    customer_id,
    order_id,
    order_line_id: line.id,
    shipment_id,
    plan_id: plan.id,
    warranty_type: plan.name,
    description: line.name,
    terms: plan.terms,
    transferable: plan.transferable,
    term_months: plan.term_months,
    start_at: waits ? null : delivered_at,
    activate_by:
      waits && plan.activate_within_days ? addDays(delivered_at, plan.activate_within_days) : null,
  }
  const units = delivery.units
    .filter(({ order_line_id }) => order_line_id === line.id)
    .reduce((sum, { quantity }) => sum + quantity, 0)
  const named = delivery.serial_numbers
    .filter(({ order_line_id }) => order_line_id === line.id)
    .flatMap(({ serial_numbers }) => serial_numbers)
  const unnamed = units - named.length
  return [
    ...named.map((serial_number) => ({ ...cover, serial_number })),
    ...(unnamed > 0 ? [{ ...cover, quantity: unnamed }] : []),
  ]
}

/** A unit that is sold again had come back: its earlier coverage ends here. */
async function makeRoom(ctx: Context, covers: readonly Cover[]): Promise<void> {
  const named = covers.filter(({ serial_number }) => serial_number)
  const live = await coveringSerials(
    ctx,
    named.map(({ serial_number }) => serial_number as string),
  )
  for (const other of live) {
    const again = named.find(
      (cover) =>
        cover.product_id === other.product_id &&
        serialKey(cover.serial_number as string) === other.serial_key,
    )
    if (!again || (again.shipment_id !== null && again.shipment_id === other.shipment_id)) continue
    // Whoever has an open claim keeps the coverage until it is decided.
    if (other.claimed_quantity > 0) continue
    const reason = 'The unit was sold again.'
    const row = await saveWarranty(ctx, other, { status: 'void', void_reason: reason })
    emit(ctx, warrantyEvents.voided({ ...told(row), reason }))
  }
}
