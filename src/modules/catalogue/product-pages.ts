import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isUuid } from '#kit/ids'
import { type PageStart, pageErrors, TOTAL_EXACT_MAX } from '#kit/pages'
import { type Context, perProcess } from '#platform/context'
import { type Prepared, prepared, rawQuery } from '#platform/database/prepared'
import type { Versioned } from './documents.ts'
import type { ProductStatus } from './lifecycle.ts'
import { brandKey, productSearch, tagKey } from './search-index.ts'
import { db } from './tables.ts'

/** What a list keeps to. Keys are in lower case, amounts minor units of `currency`. */
export type Filters = {
  status: ProductStatus
  brand_key?: string | undefined
  tag_key?: string | undefined
  currency?: string | undefined
  price_min?: number | undefined
  price_max?: number | undefined
}
export type Sort = { by: 'created_at' | 'name' | 'price'; descending: boolean }
/** `key` is what the list is sorted by, if not by age. */
export type Listed = Versioned & { key?: string | number; total: number }
type Values = Required<Filters> & {
  limit: number
  offset: number
  after_key: string | number
  after_id: string
  query: string
}
export type Total = { total: number; total_is_estimate: boolean }

const boundedTotal = (counted: number): Total =>
  counted > TOTAL_EXACT_MAX
    ? { total: TOTAL_EXACT_MAX, total_is_estimate: true }
    : { total: counted, total_is_estimate: false }

/** What is announced when the number of products in a status changes. */
export const COUNTS = 'catalogue.counts'

type Counted = { mark: string; total: number }
/** The totals of the lists without filters. Counting them costs more than reading their page. */
const countedTotals = perProcess(() => new Map<ProductStatus, Counted>())

/**
 * A page of a list with the list's total: ids and versions only, all from one index; one row more
 * than the page has, which tells that there is a next one.
 */
export async function listPage(
  ctx: Context,
  filters: Filters,
  { sort, start }: { sort: Sort; start: PageStart },
): Promise<{ rows: Listed[]; total: Total }> {
  const { after, limit, offset } = start
  const values = {
    ...valuesOf(filters),
    limit: limit + 1,
    offset,
    ...(after && { after_id: cursorId(after.at(-1)), after_key: cursorKey(sort, after[0]) }),
  }
  const continued = after !== undefined
  const mark = saidOf(filters).length === 1 ? ctx.mark(COUNTS) : undefined
  const known = countedTotals(ctx).get(filters.status)
  if (mark !== undefined && known?.mark === mark) {
    const rows = await pageStatement(filters, sort, { continued, counted: false })(ctx, values)
    return { rows, total: boundedTotal(known.total) }
  }
  const rows = await pageStatement(filters, sort, { continued, counted: true })(ctx, values)
  const isFirst = offset === 0 && !continued
  const total = rows[0]?.total ?? (isFirst ? 0 : await countBeyond(ctx, filters, { sort, values }))
  if (mark !== undefined) countedTotals(ctx).set(filters.status, { mark, total })
  return { rows, total: boundedTotal(total) }
}

/** The total that an empty page cannot tell: of the first row of the first page. */
async function countBeyond(
  ctx: Context,
  filters: Filters,
  { sort, values }: { sort: Sort; values: Values },
): Promise<number> {
  const statement = pageStatement(filters, sort, { continued: false, counted: true })
  const first = await statement.first(ctx, { ...values, limit: 1, offset: 0 })
  return first?.total ?? 0
}

type Searching = { text: string; limit: number; offset: number }

/** A page of what matches a text, the best first, with the total of what was ranked. */
export async function searchPage(
  ctx: Context,
  { brand_key, tag_key, ...filters }: Filters,
  { text, limit, offset }: Searching,
): Promise<{ rows: Versioned[]; total: Total }> {
  // Brand and tag are looked up in the same index as the words; the rest sifts what was found.
  const keys = [
    ...(brand_key === undefined ? [] : [brandKey(brand_key)]),
    ...(tag_key === undefined ? [] : [tagKey(tag_key)]),
  ]
  const query = productSearch.query(ctx.session.engine, text, keys)
  if (query === undefined) return { rows: [], total: boundedTotal(0) }
  const statement = searchStatement(filters)
  // Not kept prepared: the best way to a word depends on how many products have it.
  const page = async (limit: number, offset: number) => {
    const values = { ...valuesOf(filters), query, limit, offset }
    const { sql, parameters } = statement.bind(ctx, values)
    return (await ctx.session.run<Found>({ sql, parameters })).rows
  }
  const rows = await page(limit + 1, offset)
  const first = rows[0] ?? (offset > 0 ? (await page(1, 0))[0] : undefined)
  const total = Math.min(first?.total ?? 0, TOTAL_EXACT_MAX)
  // Where nothing was left of the newest matches, older ones may hold more.
  const isSifted = saidOf(filters).length > 1
  const total_is_estimate = first ? first.matched > TOTAL_EXACT_MAX : isSifted
  return { rows, total: { total, total_is_estimate } }
}

type PageShape = { continued: boolean; counted: boolean }

function pageStatement(filters: Filters, sort: Sort, { continued, counted }: PageShape) {
  const said = saidOf(filters)
  const shape = [sort.by, sort.descending, continued, counted, ...said]
  return statementFor<Listed>(shape, (p) => {
    const key = keyOf(sort, said)
    const id = sql.ref(said.includes('tag_key') ? 't.product_id' : 'p.id')
    const direction = sql.raw(sort.descending ? 'desc' : 'asc')
    const beyond = sql.raw(sort.descending ? '<' : '>')
    const rows = sql`from ${sourceOf(said)} where ${conditionsOf(said, p)}`
    const some = sql`(select 1 ${rows} limit ${sql.lit(TOTAL_EXACT_MAX + 1)}) as counted`
    const after = key
      ? sql`and (${key}, ${id}) ${beyond} (${p.after_key}, ${p.after_id})`
      : sql`and ${id} ${beyond} ${p.after_id}`
    return sql<Listed>`
      select p.id, p.version ${key ? sql`, ${key} as key` : sql``}
        ${counted ? sql`, (select count(*) from ${some}) as total` : sql``}
      ${rows} ${continued ? after : sql``}
      order by ${key ? sql`${key} ${direction},` : sql``} ${id} ${direction}
      limit ${p.limit} offset ${p.offset}`
  })
}

/** The column that keeps the order, if it is not age: ids rise with time. */
function keyOf({ by }: Sort, said: readonly string[]): RawBuilder<unknown> | undefined {
  if (by === 'created_at') return undefined
  const [column, none] = by === 'name' ? ['p.name_key', ''] : ['p.price_amount', 0]
  // A brand or a tag is narrower than any order: as an expression, the key cannot tempt SQLite to
  // walk the whole order in search of them.
  const isNarrow = said.includes('brand_key') || said.includes('tag_key')
  return isNarrow ? sql`coalesce(${sql.ref(column)}, ${sql.lit(none)})` : sql.ref(column)
}

type Found = Versioned & { total: number; matched: number }

function searchStatement(filters: Filters) {
  const said = saidOf(filters)
  return statementFor<Found>(['search', ...said], (p, engine) => {
    const matches = productSearch.matches(engine, p.query)
    return sql<Found>`
      select p.id, p.version, count(*) over () as total, m.matched
      from (select number, rank, count(*) over () as matched from ${matches} as found) as m
      cross join products as p
      where p.number = m.number and ${conditionsOf(said, p)}
      order by m.rank, p.number desc limit ${p.limit} offset ${p.offset}`
  })
}

/**
 * From the products, or from those of one tag, whose index keeps their age in order. A cross join
 * is an inner one like any other, but SQLite, which has no statistics, keeps to its order.
 */
const sourceOf = (said: readonly string[]) =>
  said.includes('tag_key') ? sql`product_tags as t cross join products as p` : sql`products as p`

function conditionsOf(said: readonly string[], p: Values): RawBuilder<SqlBool> {
  const all: Record<string, RawBuilder<SqlBool>> = {
    status: sql`p.status = ${p.status}`,
    brand_key: sql`p.brand_key = ${p.brand_key}`,
    tag_key: sql`t.tag_key = ${p.tag_key} and p.id = t.product_id`,
    currency: sql`p.currency = ${p.currency}`,
    price_min: sql`p.price_amount >= ${p.price_min}`,
    price_max: sql`p.price_amount <= ${p.price_max}`,
  }
  return sql.join(
    said.map((name) => all[name] as RawBuilder<SqlBool>),
    sql` and `,
  )
}

const saidOf = (filters: Filters): string[] =>
  Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : name))

const valuesOf = (filters: Filters): Values =>
  ({ after_id: '', after_key: '', query: '', ...filters }) as Values

const statements = new Map<string, Prepared<Values, unknown>>()
type Build<O> = (p: Values, engine: 'sqlite' | 'postgres') => RawBuilder<O>

/** One statement for each combination that is ever asked for, made when it first is. */
function statementFor<O>(
  shape: readonly (string | boolean)[],
  build: Build<O>,
): Prepared<Values, O> {
  const name = shape.join(' ')
  const known = statements.get(name)
  if (known) return known as Prepared<Values, O>
  const fresh = prepared(db, (open, p: Values, engine) => rawQuery(open, build(p, engine)))
  statements.set(name, fresh)
  return fresh
}

function cursorId(id: unknown): string {
  if (typeof id === 'string' && isUuid(id)) return id
  throw pageErrors.bad_cursor()
}

function cursorKey({ by }: Sort, key: unknown): string | number {
  if (by === 'created_at') return ''
  if (by === 'name' && typeof key === 'string') return key
  if (by === 'price' && Number.isSafeInteger(key)) return key as number
  throw pageErrors.bad_cursor()
}
