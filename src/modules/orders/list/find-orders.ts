import { type RawBuilder, sql } from 'kysely'
import type { Id } from '#kit/ids'
import { type PageStart, pageErrors, TOTAL_EXACT_MAX } from '#kit/pages'
import type { Context } from '#platform/context'
import { isAmong } from '#platform/database/rowset'
import { db } from '../tables.ts'
import type { Filters } from './filters.ts'
import { type Condition, type Direction, everyOrder, isListed, type Way } from './ways.ts'

/** What a list is sorted by; `id` is the order in which orders were made. */
export type SortColumn = 'id' | 'placed_at' | 'total_amount' | 'number'
export type Sort = { column: SortColumn; direction: Direction }

/** A place in a list: the sort value and the id of a row, or its id alone where that is both. */
export type Place = readonly (string | number)[]

export type FoundOrders = {
  /** One more than the page holds, if there are more. */
  ids: Id<'order'>[]
  /** Where the search stopped before the page was full, because it has looked at enough. */
  stopped: Place | undefined
  total: { total: number; total_is_estimate: boolean }
}

/** A filter that lets so few through is followed whole. */
const FEW = 1_000
/** Orders that one request looks at, at most, where every filter lets many through. */
const LOOKED_AT_MAX = 3_000
/** Of the newest so many it is told how many fit. */
const COUNTED_MAX = 1_000
/** How many are looked at at once: few at first, because most often they are enough. */
const STEPS = [200, 800, 2_000]

type Asked = { filters: Filters; sort: Sort; start: PageStart }

/**
 * The orders of one page of a list, whatever it is filtered by, at a bounded cost. If one filter
 * lets few orders through, these are looked at. If a single filter is all that was asked for, its
 * index is the list. Otherwise every filter lets many through, so it takes no long walk along one
 * of them to fill a page; where the filters hardly meet, the walk ends after `LOOKED_AT_MAX` orders
 * and the page says where to go on.
 */
export async function findOrders(ctx: Context, asked: Asked): Promise<FoundOrders> {
  const { filters, sort } = asked
  if (filters.none) return NOTHING
  const [only] = filters.ways
  const isPlain = filters.conditions.length === 0 && filters.ranges.length === 0
  if (sort.column === 'id' && isPlain && filters.ways.length <= 1 && isOfOrders(only)) {
    return alongOne(ctx, asked, only ?? everyOrder(filters.archived))
  }
  const few = await narrowest(ctx, filters)
  return few ? amongFew(ctx, asked, few) : amongMany(ctx, asked)
}

const NOTHING: FoundOrders = {
  ids: [],
  stopped: undefined,
  total: { total: 0, total_is_estimate: false },
}

// Ways by what stands beside orders know nothing of archived and deleted ones.
const isOfOrders = (way: Way | undefined): boolean =>
  way === undefined || ['customer', 'states', 'returns', 'notes'].includes(way.name)

/** The list is the index: nothing has to be looked at besides. */
async function alongOne(ctx: Context, { sort, start }: Asked, way: Way): Promise<FoundOrders> {
  const { direction } = sort
  const limit = start.limit + 1
  const stretch = way.ids({ direction, limit, offset: start.offset, after: afterOf(start) })
  const [ids, count] = await Promise.all([
    rowsOf<{ id: Id<'order'> }>(ctx, stretch),
    countOf(ctx, way.some(TOTAL_EXACT_MAX + 1)),
  ])
  return { ids: ids.map(({ id }) => id), stopped: undefined, total: totalOf(count) }
}

function afterOf({ after }: PageStart): Id<'order'> | undefined {
  const id = after?.at(-1)
  if (after && typeof id !== 'string') throw pageErrors.bad_cursor()
  return id as Id<'order'> | undefined
}

const totalOf = (count: number) => ({
  total: Math.min(count, TOTAL_EXACT_MAX),
  total_is_estimate: count > TOTAL_EXACT_MAX,
})

type Short = Pick<Way, 'name' | 'some' | 'condition'>

/** The filter that lets the fewest through, if that is few; all are counted by one statement. */
async function narrowest(ctx: Context, { ways, ranges }: Filters): Promise<Short | undefined> {
  const all: Short[] = [...ways, ...ranges]
  if (all.length === 0) return undefined
  const counts = all.map(
    ({ some }, nth) => sql`(select count(*) from (${some(FEW + 1)}) as c) as ${sql.id(`n${nth}`)}`,
  )
  const [row] = await rowsOf<Record<string, number>>(ctx, sql`select ${sql.join(counts)}`)
  const counted = all.map((way, nth) => ({ way, count: Number(row?.[`n${nth}`]) }))
  const [least] = counted.toSorted((a, b) => a.count - b.count)
  return least && least.count <= FEW ? least.way : undefined
}

/** Everything that few orders come to: what they are sorted by does not matter. */
async function amongFew(ctx: Context, asked: Asked, few: Short): Promise<FoundOrders> {
  const { filters, sort, start } = asked
  const isIn = isAmong(ctx.session.engine, 'o.id', few.some(FEW + 1))
  const fits = sql`${isIn} and ${allOf(filters, few)}`
  const cut = start.after ? sql`and ${beyond('o', sort, start.after)}` : sql``
  const [rows, count] = await Promise.all([
    rowsOf<{ id: Id<'order'> }>(
      ctx,
      sql`select o.id from orders as o where ${fits} ${cut} ${inOrder('o', sort)}
        limit ${start.limit + 1} offset ${start.offset}`,
    ),
    countOf(ctx, sql`select 1 from orders as o where ${fits} limit ${TOTAL_EXACT_MAX + 1}`),
  ])
  return { ids: rows.map(({ id }) => id), stopped: undefined, total: totalOf(count) }
}

/** Walks along one of the filters, or along what is sorted by, until the page is full. */
async function amongMany(ctx: Context, asked: Asked): Promise<FoundOrders> {
  const { filters, sort, start } = asked
  const way = sort.column === 'id' ? (filters.ways[0] ?? everyOrder(filters.archived)) : undefined
  const walk = { way, sort, filters, fits: allOf(filters, way) }
  const wanted = start.offset + start.limit + 1
  const most = Math.max(LOOKED_AT_MAX, 2 * wanted)
  const found: Id<'order'>[] = []
  let place: Place | undefined = start.after as Place | undefined
  let looked = 0
  let isOver = false
  for (let nth = 0; found.length < wanted && looked < most && !isOver; nth++) {
    const step = Math.min(STEPS[Math.min(nth, STEPS.length - 1)] as number, most - looked)
    const stretch = { after: place, limit: step }
    const [last, fitting] = await Promise.all([
      lastPlace(ctx, walk, stretch),
      fittingOf(ctx, walk, stretch),
    ])
    found.push(...fitting)
    looked += step
    isOver = last === undefined
    place = last
  }
  const ids = found.slice(start.offset, wanted)
  const stopped = ids.length > start.limit || isOver ? undefined : place
  // A walk from the beginning that went far has counted as well as any other.
  const hasCounted = start.after === undefined && (isOver || looked >= COUNTED_MAX)
  const total = hasCounted
    ? { ...totalOf(found.length), ...(!isOver && { total_is_estimate: true }) }
    : await totalAmong(ctx, walk)
  return { ids, stopped, total }
}

type Walk = { way: Way | undefined; sort: Sort; filters: Filters; fits: Condition }
type Part = { after: Place | undefined; limit: number; offset?: number }

/** A stretch of a walk: `id`, and `value` where it goes along what is sorted by. */
function partOf(walk: Walk, { after, limit, offset = 0 }: Part): RawBuilder<unknown> {
  const { way, sort } = walk
  if (way) {
    const id = after?.at(-1) as Id<'order'> | undefined
    return way.ids({ direction: sort.direction, limit, offset, after: id })
  }
  const cut = after ? sql`and ${beyond('w', sort, after)}` : sql``
  return sql`select w.id, ${sql.ref(`w.${sort.column}`)} as value from orders as w
    where ${alongSort(walk)} ${cut} ${inOrder('w', sort)} limit ${limit} offset ${offset}`
}

/** Where a stretch ends; undefined if the walk ends before. */
async function lastPlace(ctx: Context, walk: Walk, part: Part): Promise<Place | undefined> {
  const only = partOf(walk, { after: part.after, limit: 1, offset: part.limit - 1 })
  const [last] = await rowsOf<{ id: string; value?: string | number }>(ctx, only)
  if (!last) return undefined
  return last.value === undefined ? [last.id] : [last.value, last.id]
}

/** What the index that is walked along knows by itself. */
function alongSort({ sort, filters }: Walk): Condition {
  // Numbers have one index for all orders: to pass over archived ones would be a walk of its own.
  if (sort.column === 'number') return sql`1 = 1`
  const range = filters.ranges.find(({ name }) => name === sort.column)
  const listed = isListed('w', filters.archived)
  return range?.along ? sql`${range.along('w')} and ${listed}` : listed
}

/** Orders of a stretch that fit. The ids are asked for and looked up in one go. */
function fits(ctx: Context, walk: Walk, part: Part): Condition {
  const ids = sql`select id from (${partOf(walk, part)}) as part`
  return sql`${isAmong(ctx.session.engine, 'o.id', ids)} and ${walk.fits}`
}

async function fittingOf(ctx: Context, walk: Walk, part: Part): Promise<Id<'order'>[]> {
  const rows = await rowsOf<{ id: Id<'order'> }>(
    ctx,
    sql`select o.id from orders as o where ${fits(ctx, walk, part)} ${inOrder('o', walk.sort)}`,
  )
  return rows.map(({ id }) => id)
}

/** How many fit among the first of the walk: so many there are at least. */
async function totalAmong(ctx: Context, walk: Walk) {
  const part = { after: undefined, limit: COUNTED_MAX }
  const [last, count] = await Promise.all([
    lastPlace(ctx, walk, part),
    countOf(ctx, sql`select 1 from orders as o where ${fits(ctx, walk, part)}`),
  ])
  return last ? { ...totalOf(count), total_is_estimate: true } : totalOf(count)
}

/** Everything that an order must be, but for what is known of the way that led to it. */
function allOf({ ways, ranges, conditions, archived }: Filters, but?: Short): Condition {
  const others = (of: readonly Short[]) =>
    of.filter((one) => one !== but).map(({ condition }) => condition)
  // What stands beside orders is asked by the id alone: who fails there need not be read.
  const all = [...others(ways), isListed('o', archived), ...others(ranges), ...conditions]
  return sql.join(all, sql` and `) as unknown as Condition
}

const columnsOf = (table: string, { column }: Sort): RawBuilder<unknown>[] =>
  column === 'id'
    ? [sql.ref(`${table}.id`)]
    : [sql.ref(`${table}.${column}`), sql.ref(`${table}.id`)]

function inOrder(table: string, sort: Sort): RawBuilder<unknown> {
  const direction = sql.raw(sort.direction)
  const columns = columnsOf(table, sort).map((column) => sql`${column} ${direction}`)
  return sql`order by ${sql.join(columns)}`
}

function beyond(table: string, sort: Sort, after: PageStart['after'] & object): Condition {
  const columns = columnsOf(table, sort)
  if (after.length !== columns.length) throw pageErrors.bad_cursor()
  const sign = sql.raw(sort.direction === 'desc' ? '<' : '>')
  return sql`(${sql.join(columns)}) ${sign} (${sql.join(after.map((value) => sql`${value}`))})`
}

async function rowsOf<R>(ctx: Context, query: RawBuilder<unknown>): Promise<R[]> {
  const { rows } = await (query as RawBuilder<R>).execute(db(ctx))
  return rows
}

async function countOf(ctx: Context, some: RawBuilder<unknown>): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(ctx, sql`select count(*) as n from (${some}) as c`)
  return Number(row?.n)
}
