import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { findItem, findLocation, itemsBySku, SELLABLE } from '#modules/inventory'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { warehouseErrors } from '../errors.ts'
import { binEvents } from '../events.ts'
import { holdDetail } from '../keeping/facts.ts'
import { isKept } from '../keeping/keep.ts'
import { lookUp } from '../keeping/known.ts'
import { partsOut } from '../keeping/parts-out.ts'
import type { Part, Plan, SerialPlace, Step } from '../keeping/plan.ts'
import type { Posted } from '../keeping/posted.ts'
import { byPlace, writePlan } from '../keeping/write.ts'
import type { BinRow } from '../tables.ts'
import { findBins } from './find-bin.ts'
import type { MovedUnits, MoveUnits } from './schemas.ts'

type Line = MoveUnits['lines'][number]
type Moving = Posted & { to: BinRow }

/**
 * Puts units into other bins of their location, all lines or none: putting away, refilling, tidying
 * up. The stock is the same, so no level and no row of the stock ledger changes. Units are taken
 * from the bin that is named, else as they would be picked. Throws `not_in_bins`, `bin_elsewhere`,
 * `not_there` and what names no lot or serial number there.
 */
export async function moveUnits(
  ctx: Context,
  input: MoveUnits,
): Promise<Static<typeof MovedUnits>> {
  const location = await findLocation(ctx, input.location_id)
  const moves = await movesOf(ctx, location.id, input)
  const detail = await holdDetail(ctx, moves)
  for (const move of moves) {
    if (move.to.location_id !== location.id) {
      throw warehouseErrors.bin_elsewhere({ bin: move.to.code })
    }
    if (!detail.binned.has(location.id) || !isKept(detail, move)) {
      throw warehouseErrors.not_in_bins({ item: move.item_id })
    }
  }
  const known = await lookUp(ctx, detail, moves)
  const plan: Plan = { steps: [], serials: [] }
  const lines = moves.flatMap((move) => {
    const parts = partsOut(known, move)
    for (const part of parts) {
      carry(plan, move, part)
      known.shelves.change(placeOfPart(move, part, part.bin_id), -part.quantity)
      known.shelves.change(placeOfPart(move, part, move.to.id), part.quantity)
    }
    return parts.map(({ bin_id, lot_id, quantity }) => ({
      item_id: move.item_id,
      quantity,
      from_bin_id: bin_id,
      to_bin_id: move.to.id,
      lot_id,
    }))
  })
  await writePlan(ctx, plan, known.shelves.changes().sort(byPlace))
  emit(ctx, binEvents.units_moved({ location_id: location.id, lines }))
  return { moved: lines.reduce((sum, { quantity }) => sum + quantity, 0), lines: lines.length }
}

async function movesOf(
  ctx: Context,
  location_id: Id<'location'>,
  { lines, reason }: MoveUnits,
): Promise<Moving[]> {
  const names = lines.flatMap(({ from_bin, to_bin }) => (from_bin ? [from_bin, to_bin] : [to_bin]))
  const bins = await findBins(ctx, names)
  const items = await itemsBySku(
    ctx,
    lines.map(({ item_id }) => item_id),
  )
  const moves: Moving[] = []
  for (const line of lines) {
    const known = items.get(line.item_id.toLowerCase())
    const item_id = known && !known.archived ? known.id : (await findItem(ctx, line.item_id)).id
    moves.push({
      item_id,
      location_id,
      quantity: line.quantity,
      state_from: line.state ?? SELLABLE,
      state_to: line.state ?? SELLABLE,
      kind: 'moved',
      reason: reason ?? null,
      reference_type: null,
      reference_id: null,
      lots: [unitsOf(line, bins)],
      to: bins.get(line.to_bin) as BinRow,
    })
  }
  return moves
}

const unitsOf = (
  { quantity, lot_id, serial_numbers, from_bin }: Line,
  bins: Map<string, BinRow>,
) => {
  const bin = from_bin ? bins.get(from_bin) : undefined
  return {
    quantity,
    ...(lot_id && { lot_id }),
    ...(serial_numbers && { serial_numbers }),
    ...(from_bin !== undefined && { bin_id: bin?.id ?? null }),
  }
}

const placeOfPart = (move: Moving, { lot_id }: Part, bin_id: Id<'bin'> | null) => ({
  item_id: move.item_id,
  location_id: move.location_id,
  state: move.state_from as string,
  bin_id,
  lot_id,
})

function carry(plan: Plan, move: Moving, part: Part): void {
  const { to, ...movement } = move
  const steps: Step[] = [
    { ...placeOfPart(move, part, part.bin_id), quantity_delta: -part.quantity, movement },
    { ...placeOfPart(move, part, to.id), quantity_delta: part.quantity, movement },
  ]
  plan.steps.push(...steps)
  for (const serial of part.serials) {
    const { status, location_id, state, lot_id } = serial.row
    const place: SerialPlace = { status, location_id, state, lot_id, bin_id: to.id }
    Object.assign(serial.row, place)
    plan.serials.push({ ...serial, to: place, movement })
  }
}
