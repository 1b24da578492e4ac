import type { Id } from '#kit/ids'
import type { TrackingRow } from '../tables.ts'

/** Units of one lot, in one bin, or with these serial numbers; what is left out is chosen. */
export type LotUnits = {
  lot_id?: Id<'lot'>
  quantity: number
  /** Where they come from or are put; null is in no bin. */
  bin_id?: Id<'bin'> | null
  serial_numbers?: readonly string[]
}

/** A movement as the ledger has it: from a state to a state, null being outside the house. */
export type Posted = {
  item_id: Id<'item'>
  location_id: Id<'location'>
  quantity: number
  state_from: string | null
  state_to: string | null
  kind: string
  reason: string | null
  reference_type: string | null
  reference_id: string | null
  lots: readonly LotUnits[] | null
}

/** Where units of an item lie: null is not in a bin, or of no lot. */
export type Place = {
  item_id: Id<'item'>
  location_id: Id<'location'>
  state: string
  bin_id: Id<'bin'> | null
  lot_id: Id<'lot'> | null
}

export type Tracking = 'none' | 'lot' | 'serial' | 'lot_and_serial'
export const TRACKINGS = ['none', 'lot', 'serial', 'lot_and_serial'] as const

export const hasLots = (row: TrackingRow | undefined): boolean =>
  row?.tracking === 'lot' || row?.tracking === 'lot_and_serial'
export const hasSerials = (row: TrackingRow | undefined): boolean =>
  row?.tracking === 'serial' || row?.tracking === 'lot_and_serial'
export const isTracked = (row: TrackingRow | undefined): boolean =>
  row !== undefined && row.tracking !== 'none'

/** Whether units go to a buyer: then neither blocked nor expired ones will do. */
export const isForBuyers = (kind: string): boolean => kind === 'shipped'

/** The bin and the lot as one word: the last part of the key of `lot_levels`. */
export const spotOf = ({ bin_id, lot_id }: Pick<Place, 'bin_id' | 'lot_id'>): string =>
  `${bin_id ?? ''}/${lot_id ?? ''}`

export const shelfOf = (at: Pick<Place, 'item_id' | 'location_id' | 'state'>): string =>
  `${at.item_id} ${at.location_id} ${at.state}`

export const placeOf = (at: Place): string => `${shelfOf(at)} ${spotOf(at)}`

export const serialKey = (serial_number: string): string => serial_number.toLowerCase()
export const lotKey = (lot_number: string): string => lot_number.toLowerCase()

/** The day of an instant in UTC, `2026-11-21`. */
export const dayOf = (instant: string): string => instant.slice(0, 10)

const DAY_MS = 86_400_000
/** So many days after a day. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
