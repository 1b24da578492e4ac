import type { Id } from '#kit/ids'
import { warehouseErrors } from '../errors.ts'
import type { SerialRow } from '../tables.ts'
import { type Known, serialNumbersOf } from './known.ts'
import type { Part, SerialStep } from './plan.ts'
import { hasLots, hasSerials, type LotUnits, type Posted, serialKey } from './posted.ts'
import { requireBin, requireLot, requireSum } from './require.ts'
import { awayKey } from './units-away.ts'

/**
 * Where units go. `left` is what left another state by the same movement. Throws `lots_required`,
 * `lots_unwanted`, `lots_wrong`, `serials_required`, `serials_unwanted`, `serial_in_stock`,
 * `serial_twice` and what names no lot or bin of this item and location.
 */
export function partsIn(known: Known, movement: Posted, left: Part[] | undefined): Part[] {
  if (left) return left.map((part) => ({ ...part, bin_id: moved(known, movement, part) }))
  const named = movement.lots ?? broughtBack(known, movement)
  if (named.length > 0) requireSum(movement, named)
  const units = named.length > 0 ? named : [{ quantity: movement.quantity }]
  const seen = new Set<string>()
  return units.map((one) => ({
    bin_id: landing(known, movement, one),
    lot_id: lotFor(known, movement, one),
    quantity: one.quantity,
    serials: serialsFor(known, movement, { units: one, seen }),
  }))
}

/** Units that change their state go to a bin for that state, if there is one. */
function moved({ homes, binned }: Known, { location_id, state_to }: Posted, { bin_id }: Part) {
  if (!binned.has(location_id)) return bin_id
  return homes.get(`${location_id} ${state_to}`) ?? bin_id
}

/** The units that left under the same reference, as far as they are as many. */
function broughtBack(known: Known, movement: Posted): LotUnits[] {
  const away = known.away.get(awayKey(movement))
  if (!away) return []
  const back: LotUnits[] = []
  let wanted = movement.quantity
  while (wanted > 0) {
    const next = away[0]
    if (!next) break
    const quantity = Math.min(wanted, next.quantity)
    back.push({ ...next, quantity })
    wanted -= quantity
    if (quantity === next.quantity) away.shift()
    else away[0] = { ...next, quantity: next.quantity - quantity }
  }
  return wanted === 0 ? back : []
}

const LANDS_IN: Record<string, string> = {
  received: 'receiving',
  transferred_in: 'receiving',
  returned: 'returns',
}

function landing(known: Known, movement: Posted, { bin_id }: LotUnits): Id<'bin'> | null {
  if (bin_id) return requireBin(known, movement, bin_id).id
  if (bin_id === null) return null
  const { location_id, state_to, kind } = movement
  if (!known.binned.has(location_id)) return null
  const home = (type: string | null) => known.homes.get(`${location_id} ${type}`)
  if (state_to !== 'sellable') return home(state_to) ?? home('receiving') ?? null
  const type = LANDS_IN[kind]
  if (type === undefined) return null
  return home(type) ?? home('receiving') ?? null
}

function lotFor(known: Known, movement: Posted, { lot_id }: LotUnits): Id<'lot'> | null {
  const { item_id: item } = movement
  if (!hasLots(known.tracking.get(item))) {
    if (lot_id !== undefined) throw warehouseErrors.lots_unwanted({ item })
    return null
  }
  if (lot_id !== undefined) return broughtLot(known, movement, lot_id)
  const made = known.dayLots.get(item)
  if (!made) throw warehouseErrors.lots_required({ item })
  return made
}

/** What came back is of a lot that it left with: nobody has to look it up again. */
const broughtLot = (known: Known, { item_id, lots }: Posted, lot_id: Id<'lot'>): Id<'lot'> =>
  lots === null ? lot_id : requireLot(known, item_id, lot_id).id

type Naming = { units: LotUnits; seen: Set<string> }

function serialsFor(known: Known, movement: Posted, { units, seen }: Naming): SerialStep[] {
  const { item_id: item } = movement
  const numbers = serialNumbersOf([units])
  if (!hasSerials(known.tracking.get(item))) {
    if (numbers.length > 0) throw warehouseErrors.serials_unwanted({ item })
    return []
  }
  const { quantity } = units
  if (numbers.length !== quantity) throw warehouseErrors.serials_required({ item, quantity })
  return numbers.map((serial_number) => {
    const key = serialKey(serial_number)
    if (seen.has(key)) throw warehouseErrors.serial_twice({ serial: serial_number })
    seen.add(key)
    const row = known.serials.get(`${item} ${key}`) ?? newSerial(known, item, serial_number)
    if (row.status === 'in_stock') throw warehouseErrors.serial_in_stock({ serial: serial_number })
    row.received_at = known.now
    return { item_id: item, serial_number, row, is_assumed: false }
  })
}

function newSerial(known: Known, item_id: Id<'item'>, serial_number: string): SerialRow {
  const row: SerialRow = {
    id: known.newId(),
    item_id,
    serial_number,
    serial_key: serialKey(serial_number),
    status: 'removed',
    location_id: null,
    state: null,
    bin_id: null,
    lot_id: null,
    received_at: known.now,
    blocked_at: null,
    version: 0,
    created_at: known.now,
    updated_at: known.now,
  }
  known.serials.set(`${item_id} ${row.serial_key}`, row)
  return row
}
