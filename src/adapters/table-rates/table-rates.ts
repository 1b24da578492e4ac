import {
  type Carrier,
  type CarrierRate,
  type ManifestCall,
  type ParcelOrder,
  type Quote,
  rateIn,
  tableServices,
} from '#modules/shipments'
import type { ProcessContext } from '#platform/processes'
import { trackingNumber } from './tracking-number.ts'

export const TABLE = 'table'
const DAY_MS = 24 * 60 * 60 * 1000
const PDF = 'application/pdf'

/**
 * The built-in carrier: what it takes stands in a table that operators edit, its labels are made
 * here, and nobody outside is asked. A label is a function of its key, so one that was lost by a
 * crash is made again as it was.
 */
export const createTableCarrier = (timeout_ms: number): Carrier => ({
  name: TABLE,
  timeout_ms,
  quote: (ctx, key, order) => quote(ctx, key, order),
  async buy(ctx, call) {
    const { key, request, service, amount, currency } = call
    const tracking_number = trackingNumber(key)
    const rates = await quote(ctx, call.quote_ref, request)
    const rate = rates.rates.find((one) => one.service === service)
    const service_name = rate?.service_name ?? service
    // Drawing is loaded when the first label is made: a server starts without it.
    const { drawLabel } = await import('./label.ts')
    const content = await drawLabel({ tracking_number, service_name, order: request })
    return {
      outcome: 'bought',
      label: {
        tracking_number,
        tracking_url: null,
        carrier_name: 'Table',
        service,
        cost_amount: amount,
        currency,
        estimated_delivery_at: rate?.delivery_at ?? null,
        paper: { media_type: PDF, content },
        paper_url: null,
      },
    }
  },
  // It keeps no books of its own: what was not written down was not sold.
  lookUp: async () => undefined,
  void: async () => ({ outcome: 'voided', refund_status: null }),
  manifest: (ctx, call) => manifest(ctx, call),
})

async function quote(ctx: ProcessContext, ref: string, order: ParcelOrder): Promise<Quote> {
  const services = await ctx.read((tx) => tableServices(tx, order.currency))
  const parcel = { to: order.is_return ? order.from : order.to, weight_grams: order.weight_grams }
  const rates = services.flatMap((service): CarrierRate[] => {
    const rate = rateIn(service, parcel)
    if (!rate) return []
    const due = Date.parse(order.asked_at) + rate.delivery_days * DAY_MS
    return [
      {
        ref: service.code,
        carrier_name: 'Table',
        service: service.code,
        service_name: service.name,
        amount: rate.amount,
        currency: service.currency,
        delivery_days: rate.delivery_days,
        delivery_at: new Date(due).toISOString(),
      },
    ]
  })
  const problems = rates.length > 0 ? [] : ['no service goes there with that weight']
  return { ref, rates, problems }
}

async function manifest(_: ProcessContext, { key, labels }: ManifestCall) {
  const { drawManifest } = await import('../papers/manifest.ts')
  const [first] = labels
  if (!first) throw new Error('a manifest of no parcel')
  const content = await drawManifest({
    title: `Manifest ${key.slice(-12)}`,
    made_at: first.request.asked_at,
    from: first.request.from,
    parcels: labels.map(({ tracking_number, service, weight_grams, request }) => ({
      tracking_number: tracking_number ?? '',
      service,
      weight_grams,
      reference: request.reference,
      to: [request.to.postal_code, request.to.city, request.to.country].filter(Boolean).join(' '),
    })),
  })
  const paper = { media_type: PDF, content }
  return { outcome: 'closed' as const, ref: key, paper, paper_url: null }
}
