import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { findItem, findLocation, SELLABLE } from '#modules/inventory'
import type { Context } from '#platform/context'
import { binsOf, detailOf, lotsOf } from '../keeping/facts.ts'
import { isKept } from '../keeping/keep.ts'
import { goodOn, type Known, leftShelf, lookUp } from '../keeping/known.ts'
import { hasSerials, type Posted, spotOf } from '../keeping/posted.ts'
import type { PickLine, PickProposal, ProposePick } from './schemas.ts'

export type UnitsToPick = { item_id: Id<'item'>; location_id: Id<'location'>; quantity: number }
type Chosen = Pick<PickLine, 'bin_id' | 'lot_id' | 'quantity' | 'serial_numbers'>

/**
 * Proposes where to take units from, for each in turn: what expires first, and of one day along the
 * way of a picker; never what is blocked, expired or too near its last day. Nothing is promised or
 * moved. Units that nobody keeps in detail are one line without bin and lot. What cannot be
 * proposed is missing in the sum. A fixed number of statements.
 */
export async function pickFrom(ctx: Context, units: readonly UnitsToPick[]): Promise<PickLine[]> {
  if (units.length === 0) return []
  const detail = await detailOf(ctx, units)
  const wanted = units.map(asShipped)
  const kept = wanted.filter((one) => isKept(detail, one))
  const known = kept.length > 0 ? await lookUp(ctx, detail, kept) : undefined
  const lines = wanted.flatMap((one) => {
    const { item_id, location_id, quantity } = one
    const plain = [{ bin_id: null, lot_id: null, quantity, serial_numbers: [] }]
    const chosen = known && isKept(detail, one) ? choose(known, one) : plain
    return chosen.map((part) => ({ item_id, location_id, ...part }))
  })
  return withNames(ctx, lines)
}

const asShipped = ({ item_id, location_id, quantity }: UnitsToPick): Posted => ({
  item_id,
  location_id,
  quantity,
  state_from: SELLABLE,
  state_to: null,
  kind: 'shipped',
  reason: null,
  reference_type: null,
  reference_id: null,
  lots: null,
})

/** Takes what it proposes from what is left for the next. */
function choose(known: Known, wanted: Posted): Chosen[] {
  const { item_id, location_id, quantity } = wanted
  const row = known.tracking.get(item_id)
  const day = goodOn(row, known.today)
  if (!hasSerials(row)) {
    const shelf = { item_id, location_id, state: SELLABLE }
    const chosen = known.shelves.choose(shelf, { quantity, good_on: day })
    for (const part of chosen) known.shelves.change({ ...shelf, ...part }, -part.quantity)
    return chosen.map((part) => ({ ...part, serial_numbers: [] }))
  }
  const free = (known.candidates.get(leftShelf(wanted)) ?? []).filter(
    ({ status, held_at, last_day }) => status === 'in_stock' && held_at === null && last_day >= day,
  )
  const picked = free.slice(0, quantity)
  for (const serial of picked) serial.status = 'proposed'
  return [...Map.groupBy(picked, spotOf).values()].map((group) => ({
    bin_id: group[0]?.bin_id ?? null,
    lot_id: group[0]?.lot_id ?? null,
    quantity: group.length,
    serial_numbers: group.map(({ serial_number }) => serial_number),
  }))
}

type Line = Chosen & Pick<PickLine, 'item_id' | 'location_id'>

async function withNames(ctx: Context, lines: readonly Line[]): Promise<PickLine[]> {
  const [lots, bins] = await Promise.all([
    lotsOf(
      ctx,
      lines.flatMap(({ lot_id }) => lot_id ?? []),
    ),
    binsOf(
      ctx,
      lines.flatMap(({ bin_id }) => bin_id ?? []),
    ),
  ])
  return lines.map((line) => {
    const lot = line.lot_id === null ? undefined : lots.get(line.lot_id)
    const bin = line.bin_id === null ? undefined : bins.get(line.bin_id)
    return {
      ...line,
      bin_code: bin?.code ?? null,
      scan_code: bin?.scan_code ?? null,
      zone_id: bin?.zone_id ?? null,
      pick_sequence: bin?.pick_sequence ?? null,
      lot_number: lot?.lot_number ?? null,
      expires_on: lot?.expires_on ?? null,
    }
  })
}

/** A proposal for one item at one location. */
export async function proposePick(
  ctx: Context,
  input: ProposePick,
): Promise<Static<typeof PickProposal>> {
  const item = await findItem(ctx, input.id)
  const location = await findLocation(ctx, input.location_id)
  const { quantity } = input
  const lines = await pickFrom(ctx, [{ item_id: item.id, location_id: location.id, quantity }])
  const found = lines.reduce((sum, line) => sum + line.quantity, 0)
  return { lines, missing: quantity - found }
}
