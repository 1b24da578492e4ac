import { DomainError } from '#kit/errors'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { shipmentErrors } from '../errors.ts'
import type { ShipmentRow } from '../tables.ts'
import { withinTime } from './call.ts'
import { type Carrier, type CarrierRate, carriers } from './carriers.ts'
import type { Order } from './parcel-order.ts'
import { insertRates } from './rows.ts'
import { db, type ParcelQuote, type RateRow } from './tables.ts'

/** An offer for all parcels together. */
export type Offered = Pick<
  RateRow,
  | 'carrier'
  | 'carrier_name'
  | 'service'
  | 'service_name'
  | 'amount'
  | 'currency'
  | 'delivery_days'
  | 'delivery_at'
  | 'quotes'
>
export type Asked = { offers: Offered[]; problems: string[] }

/**
 * Asks every carrier (or the one named) what it would take for all of these parcels. A carrier that
 * does not answer is told as a problem and does not stop the others; throws `carrier_failed` where
 * none did, and `no_rates` where none takes it.
 */
export async function askCarriers(
  ctx: ProcessContext,
  orders: readonly Order[],
  only?: string,
): Promise<Asked> {
  const { all } = carriers.of(ctx)
  const chosen = only === undefined ? undefined : all.find(({ name }) => name === only)
  const asked = chosen ? [chosen] : all
  if (asked.length === 0) throw shipmentErrors.no_rates({ problem: 'no carrier is set up' })
  const answers = await Promise.all(asked.map((carrier) => askCarrier(ctx, carrier, orders)))
  const offers = answers.flatMap((answer) => answer.offers)
  const problems = answers.flatMap((answer) => answer.problems)
  if (offers.length > 0) return { offers, problems }
  if (answers.every(({ failed }) => failed)) {
    throw shipmentErrors.carrier_failed({ carrier: asked.map(({ name }) => name).join(', ') })
  }
  const problem = problems.slice(0, 3).join('; ') || 'it is too heavy, or goes too far'
  throw shipmentErrors.no_rates({ problem, problems })
}

type Answered = Asked & { failed: boolean }

async function askCarrier(
  ctx: ProcessContext,
  carrier: Carrier,
  orders: readonly Order[],
): Promise<Answered> {
  const { name } = carrier
  try {
    const quotes = await Promise.all(
      orders.map(async ({ parcel_id, order }) => {
        const key = await ctx.read(async (tx) => tx.newId('quote'))
        const quote = await withinTime(carrier, carrier.quote(ctx, key, order))
        return { parcel_id, ...quote }
      }),
    )
    const problems = quotes.flatMap((quote) => quote.problems.map((text) => `${name}: ${text}`))
    return { offers: together(name, quotes), problems, failed: false }
  } catch (error) {
    // A refusal of ours is an answer; everything else is a carrier that is not there.
    if (error instanceof DomainError) throw error
    ctx.log.warn({ err: error, carrier: name }, 'a carrier could not be asked for rates')
    return { offers: [], problems: [`${name} does not answer`], failed: true }
  }
}

type ParcelQuotes = {
  parcel_id: ParcelQuote['parcel_id']
  ref: string
  rates: readonly CarrierRate[]
}

/** A service counts if it takes every parcel; it costs what all of them cost. */
function together(carrier: string, quotes: readonly ParcelQuotes[]): Offered[] {
  const [first] = quotes
  const kinds = new Set(first?.rates.map(kindOf))
  return [...kinds].flatMap((kind) => {
    const rates = quotes.map((quote) => quote.rates.find((rate) => kindOf(rate) === kind))
    if (rates.some((rate) => rate === undefined)) return []
    const all = rates as CarrierRate[]
    const { carrier_name, service, service_name, currency } = all[0] as CarrierRate
    const latest = <V extends string | number>(values: (V | null)[]) =>
      values.includes(null) ? null : values.reduce((a, b) => ((b as V) > (a as V) ? b : a))
    return [
      {
        carrier,
        carrier_name,
        service,
        service_name,
        amount: all.reduce((sum, rate) => sum + rate.amount, 0),
        currency,
        delivery_days: latest(all.map((rate) => rate.delivery_days)),
        delivery_at: latest(all.map((rate) => rate.delivery_at)),
        quotes: all.map((rate, index) => ({
          parcel_id: quotes[index]?.parcel_id as ParcelQuote['parcel_id'],
          quote_ref: quotes[index]?.ref as string,
          rate_ref: rate.ref,
          amount: rate.amount,
        })),
      },
    ]
  })
}

const kindOf = ({ carrier_name, service, currency }: CarrierRate) =>
  `${carrier_name}\n${service}\n${currency}`

const dropUnchosen = prepared(db, (open, p: { shipment_id: ShipmentRow['id'] }) =>
  open
    .deleteFrom('shipment_rates')
    .where('shipment_id', '=', p.shipment_id)
    .where('batch_id', 'not in', (eb) =>
      eb
        .selectFrom('shipment_rates as chosen')
        .select('chosen.batch_id')
        .where('chosen.shipment_id', '=', p.shipment_id)
        .where('chosen.chosen_at', 'is not', null),
    ),
)

/** Writes down what was offered; earlier offers of which none was taken are forgotten. */
export async function keepOffers(
  ctx: Context,
  shipment_id: ShipmentRow['id'],
  offers: readonly Offered[],
): Promise<RateRow[]> {
  const batch_id = ctx.newId('rate_batch')
  const rows = offers.map((offer) => ({
    id: ctx.newId('shipment_rate'),
    shipment_id,
    batch_id,
    ...offer,
    quoted_at: ctx.now,
    chosen_at: null,
    chosen_by: null,
    deliver_by: null,
  }))
  await dropUnchosen.run(ctx, { shipment_id })
  await insertRates.run(ctx, { rows })
  return rows
}
