import type { TrackingKind, TrackingNews } from '#modules/shipments'
import { instant } from './shapes.ts'

export type TrackingDetail = {
  status: string
  status_detail?: string | null
  message?: string | null
  description?: string | null
  datetime: string
  source?: string | null
  tracking_location?: {
    city?: string | null
    state?: string | null
    country?: string | null
    zip?: string | null
  } | null
}
export type Tracker = {
  id: string
  tracking_code: string
  shipment_id?: string | null
  status: string
  signed_by?: string | null
  est_delivery_date?: string | null
  public_url?: string | null
  updated_at: string
  tracking_details?: TrackingDetail[] | null
}

/** EasyPost's states of a parcel (docs, Tracker) as what happened. */
const KINDS: Record<string, TrackingKind> = {
  unknown: 'info',
  pre_transit: 'announced',
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  available_for_pickup: 'ready_for_pickup',
  delivered: 'delivered',
  return_to_sender: 'returning',
  failure: 'exception',
  cancelled: 'info',
  error: 'exception',
}

/**
 * All that a tracker tells, each detail an event of its own. When it is expected to arrive is told
 * of the tracker as a whole: an event that says nothing else.
 */
export function newsOf(tracker: Tracker): TrackingNews[] {
  const details = tracker.tracking_details ?? []
  const news = details.map((detail): TrackingNews => {
    const kind = KINDS[detail.status] ?? 'info'
    return {
      kind,
      code: detail.status_detail ?? detail.status,
      description: detail.message ?? detail.description ?? null,
      location: placeOf(detail),
      signed_by: kind === 'delivered' ? (tracker.signed_by ?? null) : null,
      proof_urls: [],
      estimated_delivery_at: null,
      occurred_at: instant(detail.datetime),
    }
  })
  if (!tracker.est_delivery_date) return news
  const estimate: TrackingNews = {
    kind: 'info',
    code: 'estimate',
    description: null,
    location: null,
    signed_by: null,
    proof_urls: [],
    estimated_delivery_at: instant(tracker.est_delivery_date),
    occurred_at: instant(tracker.updated_at),
  }
  return [...news, estimate]
}

function placeOf({ tracking_location }: TrackingDetail): string | null {
  const { city, state, country } = tracking_location ?? {}
  return [city, state, country].filter(Boolean).join(', ') || null
}
