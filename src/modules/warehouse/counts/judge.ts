import type { Id } from '#kit/ids'
import type { LockedShelf, LotUnits, Movement } from '#modules/inventory'
import type { Context } from '#platform/context'
import { type Detail, serialsByKey } from '../keeping/facts.ts'
import { isKept } from '../keeping/keep.ts'
import { hasLots, serialKey } from '../keeping/posted.ts'
import type { LineRow } from './find-count.ts'
import { placeKey } from './places.ts'

/** What is known when lines are to be posted. */
export type Evidence = {
  count_id: Id<'cycle_count'>
  shelves: ReadonlyMap<string, LockedShelf>
  detail: Detail
  /** Units at places that are kept in detail. */
  units: ReadonlyMap<string, number>
  /** Serial numbers that lie at these places now. */
  serials: ReadonlyMap<string, string[]>
  /** The status of serial numbers that counters found beyond the books, by `item key`. */
  found: ReadonlyMap<string, string>
  /** What other counts have put right since the line was counted, though they were earlier. */
  prior: ReadonlyMap<string, number>
  /** Up to which row of the ledger a place was counted and posted last. */
  last: ReadonlyMap<string, number>
}

export type Judged = {
  line: LineRow
  verdict: 'post' | 'supersede' | 'hold'
  adjusted: number
  problem: string | null
  movements: Movement[]
}

/**
 * Says what is to become of counted lines, one after another. A line is held back where posting it
 * is impossible now: units are missing that are promised or that moved on since, or a serial number
 * was found that the books have elsewhere.
 */
export function judgeLines(lines: readonly LineRow[], evidence: Evidence): Judged[] {
  const taken = new Map<string, number>()
  return lines.map((line) => {
    const last = evidence.last.get(placeKey(line))
    if (last !== undefined && last > (line.counted_sequence ?? 0)) {
      return { line, verdict: 'supersede', adjusted: 0, problem: null, movements: [] }
    }
    const judged = judgeLine(line, evidence)
    if (judged.verdict === 'hold') return judged
    const shelf = `${line.item_id} ${line.location_id}`
    const before = taken.get(shelf) ?? 0
    const { on_hand = 0, reserved = 0 } = evidence.shelves.get(shelf) ?? {}
    if (judged.adjusted < 0 && on_hand + before + judged.adjusted < reserved) {
      return held(line, `${reserved} units are promised, so fewer cannot be on hand`)
    }
    taken.set(shelf, before + judged.adjusted)
    return judged
  })
}

const held = (line: LineRow, problem: string): Judged => ({
  line,
  verdict: 'hold',
  adjusted: 0,
  problem,
  movements: [],
})

function judgeLine(line: LineRow, evidence: Evidence): Judged {
  const row = evidence.detail.tracking.get(line.item_id)
  if (hasLots(row) !== (line.lot_id !== null)) {
    return held(line, 'the item is kept in another way by now')
  }
  if (line.missing_serials !== null) return judgeSerials(line, evidence)
  const { counted_quantity, expected_quantity } = line
  const prior = evidence.prior.get(placeKey(line)) ?? 0
  const adjusted = (counted_quantity ?? 0) - (expected_quantity ?? 0) - prior
  const isDetailed = isKept(evidence.detail, line)
  if (isDetailed && (evidence.units.get(placeKey(line)) ?? 0) + adjusted < 0) {
    return held(line, 'more units have left this place since than were counted there')
  }
  const units = { quantity: Math.abs(adjusted), ...(isDetailed && placeOf(line)) }
  const movements = adjusted === 0 ? [] : [movement(line, evidence, { delta: adjusted, units })]
  return { line, verdict: 'post', adjusted, problem: null, movements }
}

const placeOf = ({ bin_id, lot_id }: LineRow) => ({ bin_id, ...(lot_id && { lot_id }) })

type Posting = { delta: number; units: LotUnits }

const movement = (line: LineRow, { count_id }: Evidence, { delta, units }: Posting): Movement => ({
  item_id: line.item_id,
  sku: line.sku,
  location_id: line.location_id,
  quantity_delta: delta,
  kind: 'counted',
  reason: 'cycle count',
  reference_type: 'cycle_count',
  reference_id: count_id,
  ...(Object.keys(units).length > 1 && { lots: [units] }),
})

/** Serial numbers say of themselves what happened since: one that left was not missing. */
function judgeSerials(line: LineRow, evidence: Evidence): Judged {
  const here = new Set((evidence.serials.get(placeKey(line)) ?? []).map(serialKey))
  const missing = (line.missing_serials ?? []).filter((number) => here.has(serialKey(number)))
  const beyond = (line.counted_serials ?? []).filter((number) => !here.has(serialKey(number)))
  const elsewhere = beyond.find(
    (number) => evidence.found.get(`${line.item_id} ${serialKey(number)}`) === 'in_stock',
  )
  if (elsewhere) return held(line, `the books have ${elsewhere} in another place; move it first`)
  const units = (serial_numbers: string[]) => ({
    quantity: serial_numbers.length,
    ...placeOf(line),
    serial_numbers,
  })
  const movements: Movement[] = []
  if (missing.length > 0) {
    movements.push(movement(line, evidence, { delta: -missing.length, units: units(missing) }))
  }
  if (beyond.length > 0) {
    movements.push(movement(line, evidence, { delta: beyond.length, units: units(beyond) }))
  }
  const adjusted = beyond.length - missing.length
  return { line, verdict: 'post', adjusted, problem: null, movements }
}

/** The status of the serial numbers that counters found beyond the books, by `item key`. */
export async function statusesOfSerials(
  ctx: Context,
  lines: readonly LineRow[],
): Promise<Map<string, string>> {
  const rows = lines.flatMap(({ item_id, counted_serials }) =>
    (counted_serials ?? []).map((number) => ({ item_id, serial_key: serialKey(number) })),
  )
  const found = rows.length > 0 ? await serialsByKey(ctx, { rows }) : []
  return new Map(found.map((row) => [`${row.item_id} ${row.serial_key}`, row.status]))
}
