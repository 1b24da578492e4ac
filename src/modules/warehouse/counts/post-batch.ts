import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { lockShelves, postMovements } from '#modules/inventory'
import type { Context } from '#platform/context'
import { eachRow, type Row } from '#platform/database/each-row'
import { prepared, rawQuery } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { holdDetail } from '../keeping/facts.ts'
import { db } from '../tables.ts'
import { tally } from './enter.ts'
import { countEvents } from './events.ts'
import { type CountRow, changeCount, type LineRow } from './find-count.ts'
import { type Judged, judgeLines, statusesOfSerials } from './judge.ts'
import { noteCounts } from './last-counts.ts'
import { countLifecycle, lineLifecycle } from './lifecycle.ts'
import { changeLines } from './lines.ts'
import { placeKey, serialsAtPlaces, unitsAtPlaces } from './places.ts'

/** Lines of one transaction: few, because the shelves are held meanwhile. */
const LINES = 500

const countedAfter = prepared(db, (open, p: { count_id: string; number: number }) =>
  open
    .selectFrom('count_lines')
    .selectAll()
    .where('count_id', '=', p.count_id as Id<'cycle_count'>)
    .where('status', '=', 'counted')
    .where('number', '>', p.number)
    .orderBy('number')
    .limit(LINES),
)

/**
 * Posts the differences of the next lines and moves the count on, all in one transaction and with a
 * fixed number of statements. What is posted is the difference at the moment of counting: units
 * that moved since then stay on top. The count's lock is held; READ COMMITTED.
 */
export async function postBatch(ctx: Context, row: CountRow): Promise<CountRow> {
  const lines = await countedAfter(ctx, { count_id: row.id, number: Number(row.position ?? 0) })
  if (lines.length === 0) return endPosting(ctx, row)
  const judged = await judge(ctx, row, lines)
  await postMovements(
    ctx,
    judged.flatMap(({ movements }) => movements),
  )
  const settled = await settle(ctx, judged)
  await changeLines(ctx, settled)
  await noteSettled(ctx, settled)
  const counters = tally(row, lines, settled)
  const moved = await changeCount(ctx, row, {
    ...counters,
    position: String(lines.at(-1)?.number ?? 0),
  })
  return lines.length < LINES ? endPosting(ctx, moved) : moved
}

type Prior = { item_id: string; location_id: string; spot: string; units: number }
type Asked = { item_id: string; location_id: string; spot: string; sequence: number }

// Differences of other counts of the same place that were counted before this one and posted after
// it was counted: this count has seen them already.
const priorOf = eachRow(
  db,
  { item_id: 'uuid', location_id: 'uuid', spot: 'text', sequence: 'bigint' },
  (asked: Row<Asked>, from) => {
    const isIt = sql`c.item_id = ${asked.item_id} and c.location_id = ${asked.location_id}
      and c.spot = ${asked.spot} and c.status = 'posted' and c.posted_sequence > ${asked.sequence}
      and c.counted_sequence <= ${asked.sequence}`
    const columns = sql`c.item_id, c.location_id, c.spot`
    const rows = from
      ? sql`${from} as r join count_lines as c on ${isIt}`
      : sql`count_lines as c where ${isIt}`
    return sql<Prior>`select ${columns}, sum(c.adjusted_quantity) as units from ${rows}
      group by ${columns}`
  },
)

type Last = { item_id: string; location_id: string; spot: string; counted_sequence: number }
const lastOf = eachRow(
  db,
  { item_id: 'uuid', location_id: 'uuid', spot: 'text' },
  (asked: Row<Omit<Asked, 'sequence'>>, from) => {
    const isIt = sql`c.item_id = ${asked.item_id} and c.location_id = ${asked.location_id}
      and c.spot = ${asked.spot}`
    const columns = sql`c.item_id, c.location_id, c.spot, c.counted_sequence`
    return from
      ? sql<Last>`select ${columns} from ${from} as r join last_counts as c on ${isIt}`
      : sql<Last>`select ${columns} from last_counts as c where ${isIt}`
  },
)

/** What is to become of each line; the shelves are held from here to the commit. */
async function judge(ctx: Context, row: CountRow, lines: readonly LineRow[]): Promise<Judged[]> {
  const shelves = await lockShelves(ctx, lines)
  const keys = lines.map(({ item_id, location_id, spot }) => ({ item_id, location_id, spot }))
  const asked = lines.map((line, nth) => ({
    ...(keys[nth] as (typeof keys)[number]),
    sequence: line.counted_sequence ?? 0,
  }))
  const prior = await priorOf(ctx, { rows: asked })
  const last = await lastOf(ctx, { rows: keys })
  return judgeLines(lines, {
    count_id: row.id,
    shelves,
    detail: await holdDetail(ctx, lines),
    units: await unitsAtPlaces(ctx, lines),
    serials: await serialsAtPlaces(
      ctx,
      lines.filter((line) => line.missing_serials !== null),
    ),
    found: await statusesOfSerials(ctx, lines),
    prior: new Map(prior.map((one) => [placeKey(one), one.units])),
    last: new Map(last.map((one) => [placeKey(one), one.counted_sequence])),
  })
}

/** The lines with what was posted, and where the ledger stands behind it. */
async function settle(ctx: Context, judged: readonly Judged[]): Promise<LineRow[]> {
  const posted = judged.filter(({ verdict }) => verdict === 'post')
  const shelves = await lockShelves(
    ctx,
    posted.map(({ line }) => line),
  )
  return judged.map(({ line, verdict, adjusted, problem }) => {
    if (verdict === 'hold') return { ...line, problem }
    if (verdict === 'supersede') {
      return { ...line, status: lineLifecycle.next(line.status, 'supersede') }
    }
    const shelf = shelves.get(`${line.item_id} ${line.location_id}`)
    return {
      ...line,
      status: lineLifecycle.next(line.status, 'post'),
      adjusted_quantity: adjusted,
      posted_sequence: shelf?.sequence ?? 0,
      problem: null,
    }
  })
}

async function noteSettled(ctx: Context, lines: readonly LineRow[]): Promise<void> {
  await noteCounts(
    ctx,
    lines
      .filter(({ status }) => status === 'posted')
      .map(({ item_id, location_id, spot, counted_sequence, counted_at }) => ({
        item_id,
        location_id,
        spot,
        counted_sequence: counted_sequence ?? 0,
        counted_at: counted_at ?? ctx.now,
      })),
  )
}

type Sums = { lines: number; adjusted: number; found: number; missing: number }
const sumsOf = prepared(db, (open, p: { count_id: string }) =>
  rawQuery(
    open,
    sql<Sums>`select count(*) as lines,
        coalesce(sum(case when adjusted_quantity <> 0 then 1 else 0 end), 0) as adjusted,
        coalesce(sum(case when adjusted_quantity > 0 then adjusted_quantity else 0 end), 0) as found,
        coalesce(sum(case when adjusted_quantity < 0 then -adjusted_quantity else 0 end), 0)
          as missing
      from count_lines where count_id = ${p.count_id}`,
  ),
)

/** Completes a count; one with lines that could not be posted waits for another approval. */
async function endPosting(ctx: Context, row: CountRow): Promise<CountRow> {
  const { id: count_id, number, location_id } = row
  const of = { count_id, number, location_id }
  if (row.lines_counted > 0) {
    const status = countLifecycle.next(row.status, 'hold_back')
    emit(ctx, countEvents.held_back({ ...of, lines: row.lines_counted }))
    return changeCount(ctx, row, { status, position: null })
  }
  const status = countLifecycle.next(row.status, 'complete')
  const sums = (await sumsOf.first(ctx, { count_id })) as Sums
  emit(
    ctx,
    countEvents.completed({
      ...of,
      lines: sums.lines,
      lines_adjusted: sums.adjusted,
      units_found: sums.found,
      units_missing: sums.missing,
    }),
  )
  return changeCount(ctx, row, { status, position: null, finished_at: ctx.now })
}
