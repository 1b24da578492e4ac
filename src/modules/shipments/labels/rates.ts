import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { findShipment, lockShipment } from '../find.ts'
import type { ShipmentRow } from '../tables.ts'
import { parcelOrders } from './parcel-order.ts'
import { refuseLeft, sellerIn } from './purchase.ts'
import { askCarriers, keepOffers } from './quote.ts'
import { type AskRates, type Rates, rateOf } from './schemas.ts'
import { byPrice, chooseOffer } from './shopping.ts'
import { db, type RateRow } from './tables.ts'

/**
 * Asks all carriers what they take for a shipment, writes their offers down, and says which is the
 * cheapest, the fastest, and the cheapest that arrives in time.
 */
export async function askRates(ctx: ProcessContext, input: AskRates): Promise<Rates> {
  const orders = await ctx.read(async (tx) => {
    const shipment = await findShipment(tx, input.id)
    refuseLeft(shipment)
    return parcelOrders(tx, shipment)
  })
  const { offers, problems } = await askCarriers(ctx, orders, sellerIn(ctx, input.carrier))
  return ctx.conclude(
    async (tx) => {
      const { shipment } = await lockShipment(tx, input.id)
      return keepOffers(tx, shipment.id, offers)
    },
    (rows) => compared(rows, { input, problems, currency: orders[0]?.order.currency ?? '' }),
  )
}

type Compare = { input: AskRates; problems: string[]; currency: string }

function compared(rows: readonly RateRow[], { input, problems, currency }: Compare): Rates {
  const { carrier, service } = input
  const deliver_by = input.deliver_by === undefined ? null : toInstant(input.deliver_by)
  const best = (strategy: 'cheapest' | 'fastest' | 'promise') =>
    chooseOffer(rows, { strategy, deliver_by, carrier, service, currency })
  const promise = deliver_by === null ? undefined : best('promise')
  return {
    rates: rows.toSorted(byPrice(currency)).map(rateOf),
    cheapest: best('cheapest')?.offer.id ?? null,
    fastest: best('fastest')?.offer.id ?? null,
    promise: promise?.in_time ? promise.offer.id : null,
    problems,
  }
}

const ratesOf = prepared(db, (open, p: { shipment_id: ShipmentRow['id'] }) =>
  open
    .selectFrom('shipment_rates')
    .selectAll()
    .where('shipment_id', '=', p.shipment_id)
    .orderBy('id', 'desc')
    .limit(500),
)

/** What carriers offered for a shipment, the newest first: the one taken, and its alternatives. */
export async function listRates(ctx: Context, { id }: { id: string }) {
  const shipment = await findShipment(ctx, id)
  return { items: (await ratesOf(ctx, { shipment_id: shipment.id })).map(rateOf) }
}
