import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import type { BinRow, LotRow, SerialRow, TrackingRow } from '../tables.ts'
import { dayLots } from './day-lots.ts'
import {
  binsOf,
  type Candidate,
  type Candidates,
  type Detail,
  landingBins,
  lotsOf,
  serialsByKey,
  serialsToPick,
  spotsAt,
} from './facts.ts'
import {
  dayOf,
  daysAfter,
  hasLots,
  hasSerials,
  isForBuyers,
  isTracked,
  type LotUnits,
  type Posted,
  serialKey,
  shelfOf,
} from './posted.ts'
import { Shelves } from './shelves.ts'
import { type Away, unitsAway } from './units-away.ts'

/** What a batch of movements is planned by, read at once. */
export type Known = Detail & {
  today: string
  now: string
  newId: () => Id<'serial'>
  shelves: Shelves
  lots: ReadonlyMap<Id<'lot'>, LotRow>
  bins: ReadonlyMap<Id<'bin'>, BinRow>
  /** Where units land by themselves, by `location type`. */
  homes: ReadonlyMap<string, Id<'bin'>>
  /** The serial numbers that are named or may be picked, by `item key`; planning moves them on. */
  serials: Map<string, SerialRow>
  /** Those that may be picked where none is named, first ones first, by shelf. */
  candidates: ReadonlyMap<string, Candidate[]>
  /** The lots that units get which came without one, by item. */
  dayLots: ReadonlyMap<Id<'item'>, Id<'lot'>>
  /** What left under a reference and has not come back, by `reference item`. */
  away: ReadonlyMap<string, Away>
}

/** Reads all that the movements need: the same number of statements for one as for thousands. */
export async function lookUp(
  ctx: Context,
  detail: Detail,
  posted: readonly Posted[],
): Promise<Known> {
  const named = posted.flatMap(({ lots }) => lots ?? [])
  const [spots, bins, homes, known, candidates, { away, rows }] = await Promise.all([
    spotsAt(ctx, { rows: shelvesOf(posted) }),
    binsOf(ctx, defined(named.map(({ bin_id }) => bin_id ?? undefined))),
    landingBins(ctx, [...detail.binned]),
    namedSerials(ctx, posted),
    candidatesFor(ctx, detail, posted),
    unitsAway(ctx, posted.filter(isUnnamedReturn(detail))),
  ])
  const serials = new Map<string, SerialRow>()
  // A number that is both named and a candidate is one object, so that it moves on for both.
  for (const row of [...rows, ...known, ...candidates]) {
    serials.set(`${row.item_id} ${row.serial_key}`, row)
  }
  const lots = defined([...named, ...known].map(({ lot_id }) => lot_id ?? undefined))
  return {
    ...detail,
    today: dayOf(ctx.now),
    newId: () => ctx.newId('serial'),
    now: ctx.now,
    shelves: new Shelves(spots),
    lots: await lotsOf(ctx, lots),
    bins,
    homes,
    serials,
    candidates: Map.groupBy(candidates, (row) => shelfOf(row as never)),
    away,
    dayLots: await dayLots(ctx, detail, posted.filter(isUnnamedReceipt(detail))),
  }
}

const defined = <T>(values: readonly (T | undefined)[]): T[] =>
  values.filter((value) => value !== undefined)

function shelvesOf(posted: readonly Posted[]) {
  const at = posted.map(({ item_id, location_id }) => ({ item_id, location_id }))
  return [...new Map(at.map((one) => [`${one.item_id} ${one.location_id}`, one])).values()]
}

async function namedSerials(ctx: Context, posted: readonly Posted[]): Promise<SerialRow[]> {
  const rows = posted.flatMap(({ item_id, lots }) =>
    serialNumbersOf(lots).map((number) => ({ item_id, serial_key: serialKey(number) })),
  )
  const unique = [...new Map(rows.map((r) => [`${r.item_id} ${r.serial_key}`, r])).values()]
  return unique.length > 0 ? serialsByKey(ctx, { rows: unique }) : []
}

export const serialNumbersOf = (lots: readonly LotUnits[] | null): string[] =>
  (lots ?? []).flatMap(({ serial_numbers }) => [...(serial_numbers ?? [])])

/** As many as all movements of the shelf together could need. */
async function candidatesFor(
  ctx: Context,
  detail: Detail,
  posted: readonly Posted[],
): Promise<Candidate[]> {
  const leaving = posted.filter(
    ({ item_id, state_from }) => state_from !== null && hasSerials(detail.tracking.get(item_id)),
  )
  const needs = new Map<string, number>()
  for (const one of leaving) {
    needs.set(leftShelf(one), (needs.get(leftShelf(one)) ?? 0) + one.quantity)
  }
  const rows = new Map<string, Candidates>()
  for (const one of leaving) {
    const { item_id, location_id, state_from, kind, quantity, lots } = one
    for (const units of lots ?? [{ quantity } as LotUnits]) {
      if (serialNumbersOf([units]).length >= units.quantity) continue
      const asked = {
        item_id,
        location_id,
        state: state_from as string,
        good_on: isForBuyers(kind) ? goodOn(detail.tracking.get(item_id), dayOf(ctx.now)) : '',
        lot_id: units.lot_id ?? null,
        bin_id: units.bin_id ?? null,
        no_bin: units.bin_id === null ? 1 : 0,
        quantity: needs.get(leftShelf(one)) ?? 0,
      }
      rows.set(Object.values(asked).join(' '), asked)
    }
  }
  if (rows.size === 0) return []
  const found = await serialsToPick(ctx, { rows: [...rows.values()] })
  return [...new Map(found.map((row) => [row.id, row])).values()].sort(inOrder)
}

/** The shelf that units leave. */
export const leftShelf = (movement: Posted): string =>
  shelfOf({ ...movement, state: movement.state_from ?? '' })

/** The day on which a lot must still be good to be picked for a buyer. */
export const goodOn = (row: TrackingRow | undefined, today: string): string =>
  daysAfter(today, row?.pick_days_min ?? 0)

const inOrder = (a: Candidate, b: Candidate): number =>
  compare(a.last_day, b.last_day) ||
  compare(a.received_at, b.received_at) ||
  compare(a.serial_key, b.serial_key)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Units of lots that come without saying which: one of the day is made if the item says so. */
const isUnnamedReceipt =
  (detail: Detail) =>
  ({ item_id, state_from, lots }: Posted): boolean => {
    const row = detail.tracking.get(item_id)
    return state_from === null && hasLots(row) && row?.makes_lots === true && !namesLots(lots)
  }

const namesLots = (lots: Posted['lots']): boolean =>
  lots !== null && lots.length > 0 && lots.every(({ lot_id }) => lot_id !== undefined)

/** Units that come in under a reference that took units out, without saying which. */
const isUnnamedReturn =
  (detail: Detail) =>
  ({ item_id, state_from, reference_id, kind, lots }: Posted): boolean =>
    state_from === null &&
    kind === 'transferred_in' &&
    reference_id !== null &&
    lots === null &&
    isTracked(detail.tracking.get(item_id))
