import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import type { Problem } from '#platform/imports/cells'
import type { ImportedFile, StagedRow } from '#platform/imports/kind'
import { placeKey, unitsAtPlaces } from '../counts/places.ts'
import { isKept } from '../keeping/keep.ts'
import { hasLots, hasSerials, spotOf } from '../keeping/posted.ts'
import { namedLot } from '../lots/commands.ts'
import { type Lookups, lookUp } from './lookups.ts'
import { type CountedRow, readRow } from './read-row.ts'

/** A place with what was found there. */
export type StockCount = {
  row: CountedRow
  item_id: Id<'item'>
  sku: string
  location_id: Id<'location'>
  bin_id: Id<'bin'> | null
  /** The lot that is known; a new one has a number only. */
  lot_id: Id<'lot'> | null
  lot_number: string | null
  /** Whether places of the item are kept there. */
  isDetailed: boolean
  /** How many units more lie there than the books say. */
  delta: number
}

/**
 * Compares counted rows with the stock and with the rest of the file: by how much each place
 * differs, and everything that is wrong, by row and column.
 */
export async function checkCounts(ctx: Context, file: ImportedFile, staged: readonly StagedRow[]) {
  const problems: Problem[] = []
  const rows = staged.map((row) => readRow(file.columns, row, problems))
  const lookups = await lookUp(ctx, file.id, rows)
  const places = rows.flatMap((row) => placeOf(row, lookups) ?? [])
  const kept = places.filter(({ isDetailed }) => isDetailed)
  const units = await unitsAtPlaces(
    ctx,
    kept.map((place) => ({ ...place, spot: spotOf(place) })),
  )
  const counts = places.map((place) => ({ ...place, delta: differenceOf(place, lookups, units) }))
  requirePromised(counts, lookups)
  const wrong = new Set(problems.map(({ line }) => line))
  const invalid = new Set(rows.filter(({ line }) => wrong.has(line)).map((row) => row.group_no))
  return { counts: counts.filter(({ row }) => !wrong.has(row.line)), problems, invalid }
}

type Place = Omit<StockCount, 'delta'>

function placeOf(row: CountedRow, lookups: Lookups): Place | undefined {
  const { cells, sku, location, quantity } = row
  const first = lookups.first.get(row.row_key)
  if (first !== undefined && first < row.line) {
    cells.refuse(null, 'REPEATED', `this place stands in line ${first} already`)
  }
  const item = sku === undefined ? undefined : lookups.items.get(sku.toLowerCase())
  if (sku !== undefined && (!item || item.archived)) {
    cells.refuse('sku', 'INVENTORY_ITEM_NOT_FOUND', 'is no item that is kept in stock')
  }
  const location_id = location === undefined ? undefined : lookups.locations.get(location)
  if (location !== undefined && !location_id) {
    cells.refuse('location', 'LOCATION_NOT_FOUND', 'is no location in use')
  }
  if (!item || item.archived || !location_id || quantity === undefined) return undefined
  const at = { item_id: item.id, location_id }
  return {
    row,
    ...at,
    sku: item.sku,
    bin_id: binOf(row, lookups, location_id),
    ...lotOf(row, lookups, item.id),
    isDetailed: isKept(lookups.detail, at),
  }
}

function binOf(
  { cells, bin: code }: CountedRow,
  { bins, detail }: Lookups,
  location_id: Id<'location'>,
): Id<'bin'> | null {
  if (code === undefined) return null
  const bin = bins.get(code)
  if (!bin) cells.refuse('bin', 'BIN_NOT_FOUND', 'is the scan code of no bin')
  else if (bin.location_id !== location_id) {
    cells.refuse('bin', 'BIN_ELSEWHERE', 'is a bin of another location')
  } else if (!detail.binned.has(location_id)) {
    cells.refuse('bin', 'LOCATION_WITHOUT_BINS', 'the location does not keep bins')
  }
  return bin?.id ?? null
}

function lotOf({ cells, lot, expires_on }: CountedRow, lookups: Lookups, item_id: Id<'item'>) {
  const tracking = lookups.detail.tracking.get(item_id)
  if (hasSerials(tracking)) {
    cells.refuse('sku', 'SERIAL_REQUIRED', 'has serial numbers: count it in a cycle count')
  }
  if (lot === undefined) {
    if (hasLots(tracking)) cells.refuse('lot', 'LOT_REQUIRED', 'is required: the item has lots')
    return { lot_id: null, lot_number: null }
  }
  if (!hasLots(tracking)) cells.refuse('lot', 'LOT_UNEXPECTED', 'the item has no lots')
  const known = lookups.lots.get(namedLot(item_id, lot))
  if (known && expires_on !== undefined && known.expires_on !== expires_on) {
    const day = known.expires_on ?? 'never'
    cells.refuse('expires_on', 'LOT_NUMBER_TAKEN', `the lot expires on another day: ${day}`)
  }
  return { lot_id: known?.id ?? null, lot_number: lot }
}

function differenceOf(place: Place, { levels }: Lookups, units: ReadonlyMap<string, number>) {
  const { item_id, location_id, row, isDetailed, lot_id, lot_number } = place
  const counted = row.quantity ?? 0
  if (!isDetailed) return counted - (levels.get(`${item_id} ${location_id}`)?.on_hand ?? 0)
  const isNew = lot_number !== null && lot_id === null
  return counted - (isNew ? 0 : (units.get(placeKey({ ...place, spot: spotOf(place) })) ?? 0))
}

/** Refuses rows that would leave fewer units than are promised. */
function requirePromised(counts: readonly StockCount[], { levels }: Lookups): void {
  const shelves = Map.groupBy(counts, (one) => `${one.item_id} ${one.location_id}`)
  for (const [shelf, own] of shelves) {
    const { on_hand = 0, reserved = 0 } = levels.get(shelf) ?? {}
    const left = own.reduce((sum, { delta }) => sum + delta, on_hand)
    if (left >= reserved) continue
    const problem = `${reserved} units are promised, so stock cannot fall to ${left}`
    for (const { row, delta } of own) {
      if (delta < 0) row.cells.refuse('quantity', 'STOCK_BELOW_RESERVED', problem)
    }
  }
}
