import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { type LockedShelf, lockShelves } from '#modules/inventory'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { warehouseErrors } from '../errors.ts'
import { type Detail, detailOf } from '../keeping/facts.ts'
import { isKept } from '../keeping/keep.ts'
import { hasLots, hasSerials, isTracked, serialKey } from '../keeping/posted.ts'
import { type CountRow, changeCount, type LineRow, lockCount } from './find-count.ts'
import { lineLifecycle } from './lifecycle.ts'
import { changeLines, findLines } from './lines.ts'
import { placeKey, serialsAtPlaces, unitsAtPlaces } from './places.ts'
import { type UnitCost, unitCosts } from './ports.ts'
import type { EnterCounts, EnteredCounts } from './schemas.ts'

type Entry = EnterCounts['lines'][number]

/**
 * Enters what counters found. Beside each quantity stands what the books say at this very moment
 * and up to which row of the ledger: the shelves are held while both are read, so whatever moves
 * later stays on top of the count (I-29). A difference beyond the thresholds asks for a recount. A
 * fixed number of statements for up to 500 lines. Throws `count_not_open`, `count_line_not_found`,
 * `count_line_stale`, and 409 for lines that are settled.
 */
export async function enterCounts(
  ctx: Context,
  { id, lines: entries }: EnterCounts,
): Promise<Static<typeof EnteredCounts>> {
  const count = await lockCount(ctx, id)
  requireOpen(count)
  const ids = entries.map(({ line_id }) => line_id)
  if (new Set(ids).size !== ids.length) throw invalidField('lines', 'must name each line once')
  const known = await findLines(ctx, id, ids)
  const before = ids.map((line) => known.get(line) as LineRow)
  for (const line of before) lineLifecycle.next(line.status, 'count')
  const books = await booksOf(ctx, before)
  const counted = before.map((line, nth) =>
    countedLine(ctx, { count, line, entry: entries[nth] as Entry, books }),
  )
  await changeLines(ctx, counted)
  await changeCount(ctx, count, tally(count, before, counted))
  return { lines: counted.map(({ id: line_id, status }) => ({ line_id, status })) }
}

/** Throws `count_not_open` unless lines may be counted. */
export function requireOpen(count: CountRow): void {
  if (count.status === 'counting') return
  throw warehouseErrors.count_not_open({ count: count.number, state: count.status })
}

/** The counters of a count when lines go from one status to another. */
export function tally(
  count: CountRow,
  before: readonly LineRow[],
  after: readonly LineRow[],
): Pick<CountRow, 'lines_counted' | 'lines_to_recount' | 'lines_settled'> {
  const many = (lines: readonly LineRow[], ...statuses: string[]) =>
    lines.filter(({ status }) => statuses.includes(status)).length
  const change = (...statuses: string[]) => many(after, ...statuses) - many(before, ...statuses)
  return {
    lines_counted: count.lines_counted + change('counted'),
    lines_to_recount: count.lines_to_recount + change('recount'),
    lines_settled: count.lines_settled + change('posted', 'superseded', 'skipped'),
  }
}

type Books = {
  detail: Detail
  shelves: ReadonlyMap<string, LockedShelf>
  units: ReadonlyMap<string, number>
  serials: ReadonlyMap<string, string[]>
  costs: ReadonlyMap<Id<'item'>, UnitCost>
}

/** What the books say of these places, held until the commit. */
async function booksOf(ctx: Context, lines: readonly LineRow[]): Promise<Books> {
  const shelves = await lockShelves(ctx, lines)
  const detail = await detailOf(ctx, lines)
  const kept = lines.filter((line) => isKept(detail, line))
  const serialised = kept.filter(({ item_id }) => hasSerials(detail.tracking.get(item_id)))
  const items = [...new Set(lines.map(({ item_id }) => item_id))]
  return {
    detail,
    shelves,
    units: await unitsAtPlaces(ctx, kept),
    serials: await serialsAtPlaces(ctx, serialised),
    costs: await unitCosts.of(ctx).costsOf(ctx, items),
  }
}

type Counting = { count: CountRow; line: LineRow; entry: Entry; books: Books }

function countedLine(ctx: Context, counting: Counting): LineRow {
  const { count, line, books } = counting
  requireSameKeeping(line, books.detail)
  const shelf = books.shelves.get(`${line.item_id} ${line.location_id}`)
  const found = isKept(books.detail, line)
    ? (books.units.get(placeKey(line)) ?? 0)
    : (shelf?.on_hand ?? 0)
  const entered = quantityOf(counting)
  const isRecount = line.status === 'recount'
  const beyond = isBeyond(count, {
    expected: found,
    ...entered,
    cost: books.costs.get(line.item_id),
  })
  return {
    ...line,
    status: beyond && !isRecount ? 'recount' : 'counted',
    expected_quantity: found,
    ...entered,
    counted_sequence: shelf?.sequence ?? 0,
    counted_by: ctx.actor.id,
    counted_at: ctx.now,
    times_counted: line.times_counted + 1,
    problem: null,
  }
}

/** A line drawn up before the item was kept by lot, or before the location had bins. */
export function requireSameKeeping(line: LineRow, { tracking }: Detail): void {
  const row = tracking.get(line.item_id)
  if (hasLots(row) === (line.lot_id !== null)) return
  if (!isTracked(row) && line.lot_id === null) return
  throw warehouseErrors.count_line_stale({ line: line.id })
}

function quantityOf({ line, entry, books }: Counting) {
  const { quantity, serial_numbers } = entry
  if (!hasSerials(books.detail.tracking.get(line.item_id))) {
    if (serial_numbers) throw warehouseErrors.serials_unwanted({ item: line.sku })
    if (quantity === undefined) throw invalidField('lines', 'must have a quantity each')
    return { counted_quantity: quantity, counted_serials: null, missing_serials: null }
  }
  if (!serial_numbers)
    throw warehouseErrors.serials_required({ item: line.sku, quantity: quantity ?? 0 })
  const counted = new Map(serial_numbers.map((number) => [serialKey(number), number]))
  if (counted.size !== serial_numbers.length) {
    const twice = serial_numbers.find((one, nth) => serial_numbers.indexOf(one) < nth)
    throw warehouseErrors.serial_twice({ serial: twice ?? line.sku })
  }
  const expected = books.serials.get(placeKey(line)) ?? []
  const known = new Set(expected.map(serialKey))
  return {
    counted_quantity: counted.size,
    // Only what the books do not have: the rest needs no second look when it is posted.
    counted_serials: [...counted].flatMap(([key, number]) => (known.has(key) ? [] : [number])),
    missing_serials: expected.filter((number) => !counted.has(serialKey(number))),
  }
}

type Difference = {
  expected: number
  counted_quantity: number
  missing_serials: readonly string[] | null
  counted_serials: readonly string[] | null
  cost: UnitCost | undefined
}

/** Whether a difference is too large to be believed at once. */
function isBeyond(
  { recount_percent, recount_value_amount, currency }: CountRow,
  { expected, counted_quantity, missing_serials, counted_serials, cost }: Difference,
): boolean {
  // One serial number for another is no difference of units, and yet two mistakes.
  const swapped = (missing_serials?.length ?? 0) + (counted_serials?.length ?? 0)
  const difference = Math.max(Math.abs(counted_quantity - expected), swapped)
  if (difference === 0) return false
  if (recount_percent !== null && difference * 100 > recount_percent * expected) return true
  if (recount_value_amount === null || cost?.currency !== currency) return false
  return difference * (cost?.amount ?? 0) > recount_value_amount
}
