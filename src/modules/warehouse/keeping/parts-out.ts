import { warehouseErrors } from '../errors.ts'
import { goodOn, type Known, leftShelf, serialNumbersOf } from './known.ts'
import { type Part, placesLag, type SerialStep } from './plan.ts'
import {
  hasLots,
  hasSerials,
  isForBuyers,
  type LotUnits,
  type Posted,
  serialKey,
  spotOf,
} from './posted.ts'
import { requireBin, requireLot, requireSum } from './require.ts'
import { isGood, type Units } from './shelves.ts'

/**
 * Which units leave. Throws `lots_wrong`, `lots_unwanted`, `lot_blocked`, `not_pickable`,
 * `serial_not_there`, `serial_blocked` and what names no lot or bin of this item and location.
 */
export function partsOut(known: Known, movement: Posted): Part[] {
  const named = movement.lots ?? []
  if (named.length > 0) requireSum(movement, named)
  const wanted = named.length > 0 ? named : [{ quantity: movement.quantity }]
  const taken = new Set<string>()
  return wanted.flatMap((units) => {
    requireNamed(known, movement, units)
    if (hasSerials(known.tracking.get(movement.item_id))) {
      return bySerial(pickSerials(known, movement, { units, taken }))
    }
    return pickUnits(known, movement, units).map((part) => ({ ...part, serials: [] }))
  })
}

function requireNamed(known: Known, movement: Posted, units: LotUnits): void {
  const { item_id: item } = movement
  const row = known.tracking.get(item)
  if (units.bin_id) requireBin(known, movement, units.bin_id)
  if (units.lot_id !== undefined) {
    if (!hasLots(row)) throw warehouseErrors.lots_unwanted({ item })
    const lot = requireLot(known, item, units.lot_id)
    if (isForBuyers(movement.kind) && !isGood(lot, known.today)) {
      throw warehouseErrors.lot_blocked({ lot: lot.lot_number })
    }
  }
  if (serialNumbersOf([units]).length > 0 && !hasSerials(row)) {
    throw warehouseErrors.serials_unwanted({ item })
  }
}

function pickUnits(known: Known, movement: Posted, { quantity, bin_id, lot_id }: LotUnits) {
  const { item_id, location_id } = movement
  const shelf = { item_id, location_id, state: movement.state_from as string }
  const strict = isForBuyers(movement.kind)
  const good_on = !strict
    ? undefined
    : lot_id === undefined
      ? goodOn(known.tracking.get(item_id), known.today)
      : known.today
  const chosen = known.shelves.choose(shelf, { quantity, bin_id, lot_id, good_on })
  if (sum(chosen) === quantity) return chosen
  const anything = known.shelves.choose(shelf, { quantity, bin_id, lot_id })
  if (sum(anything) === quantity) throw warehouseErrors.not_pickable({ item: item_id, quantity })
  // The level has given them, so they are somewhere; a mere change of bins asked no level.
  const isOfLedger = movement.state_from !== movement.state_to
  if (isOfLedger && bin_id === undefined && lot_id === undefined) throw placesLag()
  throw warehouseErrors.not_there({ item: item_id, quantity })
}

const sum = (units: readonly Units[]): number => units.reduce((n, { quantity }) => n + quantity, 0)

type Picking = { units: LotUnits; taken: Set<string> }

/** The serial numbers that are named; for units without one, those that would be picked first. */
function pickSerials(known: Known, movement: Posted, { units, taken }: Picking): SerialStep[] {
  const { item_id, kind } = movement
  const numbers = serialNumbersOf([units])
  if (numbers.length > units.quantity) {
    throw warehouseErrors.serials_required({ item: item_id, quantity: units.quantity })
  }
  const named = numbers.map((serial_number) => {
    const row = known.serials.get(`${item_id} ${serialKey(serial_number)}`)
    if (!row || !isThere(row, movement, units)) {
      throw warehouseErrors.serial_not_there({ serial: serial_number })
    }
    if (taken.has(row.id)) throw warehouseErrors.serial_twice({ serial: serial_number })
    if (isForBuyers(kind) && isHeld(known, row)) {
      throw warehouseErrors.serial_blocked({ serial: serial_number })
    }
    taken.add(row.id)
    return { item_id, serial_number: row.serial_number, row, is_assumed: false }
  })
  const missing = units.quantity - named.length
  return [...named, ...assume(known, movement, { units, taken, missing })]
}

type Row = SerialStep['row']

const isThere = (row: Row, movement: Posted, { bin_id, lot_id }: LotUnits): boolean =>
  row.status === 'in_stock' &&
  row.location_id === movement.location_id &&
  row.state === movement.state_from &&
  (bin_id === undefined || row.bin_id === bin_id) &&
  (lot_id === undefined || row.lot_id === lot_id)

function isHeld(known: Known, { blocked_at, lot_id }: Row): boolean {
  const lot = lot_id === null ? undefined : known.lots.get(lot_id)
  return blocked_at !== null || (lot !== undefined && !isGood(lot, known.today))
}

function assume(
  known: Known,
  movement: Posted,
  { units, taken, missing }: Picking & { missing: number },
): SerialStep[] {
  if (missing === 0) return []
  const { item_id, kind } = movement
  const day = isForBuyers(kind) ? goodOn(known.tracking.get(item_id), known.today) : undefined
  const candidates = (known.candidates.get(leftShelf(movement)) ?? []).filter(
    (row) =>
      !taken.has(row.id) &&
      isThere(row, movement, units) &&
      (day === undefined || (row.held_at === null && row.last_day >= day)),
  )
  const chosen = candidates.slice(0, missing)
  if (chosen.length < missing) {
    throw warehouseErrors.not_pickable({ item: item_id, quantity: units.quantity })
  }
  return chosen.map((row) => {
    taken.add(row.id)
    return { item_id, serial_number: row.serial_number, row, is_assumed: true }
  })
}

/** The places that serial numbers leave, each with its own. */
function bySerial(serials: readonly SerialStep[]): Part[] {
  const groups = Map.groupBy(serials, ({ row }) => spotOf(row))
  return [...groups.values()].map((group) => {
    const { bin_id, lot_id } = (group[0] as SerialStep).row
    return { bin_id, lot_id, quantity: group.length, serials: group }
  })
}
