import type { ParcelStatus } from '../tables.ts'
import { TRACKING_KINDS, type TrackingKind } from './tables.ts'

/** What the fold needs of an event. */
export type Told = {
  event_key: string
  kind: TrackingKind
  occurred_at: string
  description: string | null
  signed_by: string | null
  proof_urls: readonly string[]
  estimated_delivery_at: string | null
}

/** A parcel as its events say it. */
export type ParcelState = {
  status: ParcelStatus
  /** When it became so. */
  since: string | null
  delivered_at: string | null
  signed_by: string | null
  proof_urls: readonly string[]
  estimated_delivery_at: string | null
  /** What is wrong, if it has failed. */
  exception: string | null
}

const STATUS: Record<TrackingKind, ParcelStatus | undefined> = {
  info: undefined,
  announced: 'announced',
  accepted: 'in_transit',
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  ready_for_pickup: 'out_for_delivery',
  attempted: 'failed',
  exception: 'failed',
  returning: 'failed',
  delivered: 'delivered',
  returned: 'returned',
}
const FINAL = new Set<ParcelStatus | undefined>(['delivered', 'returned'])

/**
 * How a parcel stands: the fold of what was told of it. The newest event counts, by the carrier's
 * clock and then by weight; but after an arrival only another one counts, because scanners tell
 * what they saw hours later. Made of nothing but the events, so their order of arrival and their
 * repetitions do not matter.
 */
export function parcelState(events: readonly Told[]): ParcelState {
  const told = events.toSorted(byAge)
  const decisive = told.filter(({ kind }) => STATUS[kind] !== undefined)
  const newest = decisive.findLast(({ kind }) => FINAL.has(STATUS[kind])) ?? decisive.at(-1)
  const status = (newest && STATUS[newest.kind]) ?? 'unknown'
  const arrived = status === 'delivered' ? newest : undefined
  const last = <K extends 'signed_by' | 'estimated_delivery_at'>(member: K) =>
    told.findLast((event) => event[member] !== null)?.[member] ?? null
  return {
    status,
    since: newest?.occurred_at ?? null,
    delivered_at: arrived?.occurred_at ?? null,
    signed_by: last('signed_by'),
    proof_urls: [...new Set(told.flatMap(({ proof_urls }) => proof_urls))],
    estimated_delivery_at: last('estimated_delivery_at'),
    exception: status === 'failed' ? (newest?.description ?? newest?.kind ?? null) : null,
  }
}

const weight = new Map(TRACKING_KINDS.map((kind, at) => [kind, at]))

/** Older first. A total order made of nothing but the events. */
export function byAge(a: Told, b: Told): number {
  if (a.occurred_at !== b.occurred_at) return a.occurred_at < b.occurred_at ? -1 : 1
  const heavier = (weight.get(a.kind) ?? 0) - (weight.get(b.kind) ?? 0)
  if (heavier !== 0) return heavier
  return a.event_key < b.event_key ? -1 : a.event_key > b.event_key ? 1 : 0
}

/** How a shipment that has left stands. */
export type Progress =
  | 'shipped'
  | 'in_transit'
  | 'out_for_delivery'
  | 'failed'
  | 'delivered'
  | 'returned'

/**
 * A shipment is where its parcels are: delivered when the last one is, failed when something is
 * wrong with any, else as far as the one that is farthest.
 */
export function shipmentProgress(parcels: readonly ParcelStatus[]): Progress {
  const some = (status: ParcelStatus) => parcels.includes(status)
  if (parcels.length > 0 && parcels.every((status) => status === 'delivered')) return 'delivered'
  if (some('failed')) return 'failed'
  if (some('out_for_delivery')) return 'out_for_delivery'
  if (some('in_transit')) return 'in_transit'
  const under_way = some('unknown') || some('announced')
  if (under_way) return some('delivered') || some('returned') ? 'in_transit' : 'shipped'
  return some('returned') ? 'returned' : 'shipped'
}
