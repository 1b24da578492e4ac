import type { Id } from '#kit/ids'
import { TryAgain } from '#platform/database/database'
import type { SerialRow } from '../tables.ts'
import type { Known } from './known.ts'
import { partsIn } from './parts-in.ts'
import { partsOut } from './parts-out.ts'
import type { Place, Posted } from './posted.ts'

/** A serial number on its way from where it was to where it is then. */
export type SerialStep = {
  item_id: Id<'item'>
  serial_number: string
  /** One that nobody has seen before has version 0. Planning moves it on. */
  row: SerialRow
  /** Nobody named it. */
  is_assumed: boolean
}

/** Units of one movement that leave one place, or come to one. */
export type Part = {
  bin_id: Id<'bin'> | null
  lot_id: Id<'lot'> | null
  quantity: number
  serials: SerialStep[]
}

/** One row of the ledger of places. */
export type Step = Place & { quantity_delta: number; movement: Posted }
export type SerialMove = SerialStep & { to: SerialPlace; movement: Posted }
export type SerialPlace = Pick<SerialRow, 'status' | 'location_id' | 'state' | 'bin_id' | 'lot_id'>

export type Plan = { steps: Step[]; serials: SerialMove[] }

/**
 * Says for each movement which places it changes, first movement first: units that leave are those
 * that are named, else those that expire first; units that come in go where they are named, else
 * to the bin in which such units land. Throws what `partsOut` and `partsIn` throw.
 */
export function planMovements(known: Known, posted: readonly Posted[]): Plan {
  const plan: Plan = { steps: [], serials: [] }
  for (const movement of posted) {
    const out = movement.state_from === null ? undefined : partsOut(known, movement)
    if (out) leave(plan, known, { movement, parts: out })
    const into = movement.state_to === null ? undefined : partsIn(known, movement, out)
    if (into) arrive(plan, known, { movement, parts: into })
  }
  return plan
}

type Parts = { movement: Posted; parts: readonly Part[] }

function leave(plan: Plan, known: Known, { movement, parts }: Parts): void {
  const { state_to } = movement
  const state = movement.state_from as string
  for (const part of parts) {
    step(plan, known, { movement, part, state, sign: -1 })
    // What goes to another state of the house arrives below.
    if (state_to !== null) continue
    const status = statusOutside(movement.kind)
    const to = { status, location_id: null, state: null, bin_id: null, lot_id: part.lot_id }
    moveSerials(plan, part, { to, movement })
  }
}

function moveSerials(
  plan: Plan,
  { serials }: Part,
  { to, movement }: { to: SerialPlace; movement: Posted },
): void {
  for (const serial of serials) {
    Object.assign(serial.row, to)
    plan.serials.push({ ...serial, to, movement })
  }
}

const statusOutside = (kind: string): string =>
  kind === 'shipped' ? 'shipped' : kind === 'transferred_out' ? 'in_transit' : 'removed'

function arrive(plan: Plan, known: Known, { movement, parts }: Parts): void {
  const { location_id } = movement
  const state = movement.state_to as string
  for (const part of parts) {
    step(plan, known, { movement, part, state, sign: 1 })
    const { bin_id, lot_id } = part
    const to = { status: 'in_stock', location_id, state, bin_id, lot_id }
    moveSerials(plan, part, { to, movement })
  }
}

type One = { movement: Posted; part: Part; state: string; sign: 1 | -1 }

function step(plan: Plan, known: Known, { movement, part, state, sign }: One): void {
  const { item_id, location_id } = movement
  const { bin_id, lot_id } = part
  const place = { item_id, location_id, state, bin_id, lot_id }
  const quantity_delta = sign * part.quantity
  known.shelves.change(place, quantity_delta)
  plan.steps.push({ ...place, quantity_delta, movement })
}

/** The level has the units and their places have not: someone is between the two. */
export const placesLag = (): Error => new TryAgain('the places of these units changed meanwhile')
