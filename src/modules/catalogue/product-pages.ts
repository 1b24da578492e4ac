import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isUuid } from '#kit/ids'
import { type PageStart, pageErrors, TOTAL_EXACT_MAX } from '#kit/pages'
import type { Context } from '#platform/context'
import { type Prepared, prepared, rawQuery } from '#platform/database/prepared'
import type { Versioned } from './documents.ts'
import type { ProductStatus } from './lifecycle.ts'
import { productSearch } from './search-index.ts'
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
  const rows = await pageStatement(filters, sort, after !== undefined)(ctx, values)
  if (rows[0]) return { rows, total: boundedTotal(rows[0].total) }
  if (offset === 0 && !after) return { rows, total: boundedTotal(0) }
  const first = await pageStatement(filters, sort, false)(ctx, { ...values, limit: 1, offset: 0 })
  return { rows, total: boundedTotal(first[0]?.total ?? 0) }
}

/** A page of what matches a full-text query, the best first, with the total of what was ranked. */
export async function searchPage(
  ctx: Context,
  filters: Filters,
  { query, limit, offset }: { query: string; limit: number; offset: number },
): Promise<{ rows: Found[]; total: Total }> {
  const statement = searchStatement(filters)
  const values = { ...valuesOf(filters), query, limit: limit + 1, offset }
  const rows = await statement(ctx, values)
  const first =
    rows[0] ?? (offset > 0 ? await statement.first(ctx, { ...values, limit: 1, offset: 0 }) : undefined)
  const total = first?.total ?? 0
  const isEstimate = (first?.matched ?? 0) > TOTAL_EXACT_MAX
  return { rows, total: { total: Math.min(total, TOTAL_EXACT_MAX), total_is_estimate: isEstimate } }
}

/** The column that keeps each order; ids rise with time. */
const KEYS = { created_at: undefined, name: 'p.name_key', price: 'p.price_amount' } as const

function pageStatement(filters: Filters, sort: Sort, continued: boolean) {
  const said = saidOf(filters)
  return statementFor<Listed>([sort.by, sort.descending, continued, ...said], (p) => {
    const key = KEYS[sort.by]
    const id = sql.ref(said.includes('tag_key') ? 't.product_id' : 'p.id')
    const direction = sql.raw(sort.descending ? 'desc' : 'asc')
    const beyond = sql.raw(sort.descending ? '<' : '>')
    const conditions = conditionsOf(said, p)
    const counted = sql`(select 1 from ${sourceOf(said)} where ${conditions} limit ${sql.lit(TOTAL_EXACT_MAX + 1)})`
    const after = key
      ? sql<SqlBool>`(${sql.ref(key)}, ${id}) ${beyond} (${p.after_key}, ${p.after_id})`
      : sql<SqlBool>`${id} ${beyond} ${p.after_id}`
    return sql<Listed>`
      select p.id, p.version, (select count(*) from ${counted} as counted) as total
        ${key ? sql`, ${sql.ref(key)} as key` : sql``}
      from ${sourceOf(said)} where ${conditions} ${continued ? sql`and ${after}` : sql``}
      order by ${key ? sql`${sql.ref(key)} ${direction},` : sql``} ${id} ${direction}
      limit ${p.limit} offset ${p.offset}`
  })
}

type Found = Versioned & { total: number; matched: number }

function searchStatement(filters: Filters) {
  const said = saidOf(filters)
  return statementFor<Found>(['search', ...said], (p, engine) => {
    const matches = productSearch.matches(engine, p.query)
    return sql<Found>`
      select p.id, p.version, count(*) over () as total, m.matched
      from (select number, rank, count(*) over () as matched from ${matches} as found) as m
      join products as p on p.number = m.number
      ${said.includes('tag_key') ? sql`join product_tags as t on t.product_id = p.id` : sql``}
      where ${conditionsOf(said, p)}
      order by m.rank, p.number desc limit ${p.limit} offset ${p.offset}`
  })
}

/** From the products, or from those of one tag, whose index keeps their age in order. */
const sourceOf = (said: readonly string[]) =>
  said.includes('tag_key')
    ? sql`product_tags as t join products as p on p.id = t.product_id`
    : sql`products as p`

function conditionsOf(said: readonly string[], p: Values): RawBuilder<SqlBool> {
  const all: Record<string, RawBuilder<SqlBool>> = {
    status: sql`p.status = ${p.status}`,
    brand_key: sql`p.brand_key = ${p.brand_key}`,
    tag_key: sql`t.tag_key = ${p.tag_key}`,
    currency: sql`p.currency = ${p.currency}`,
    price_min: sql`p.price_amount >= ${p.price_min}`,
    price_max: sql`p.price_amount <= ${p.price_max}`,
  }
  return sql.join(said.map((name) => all[name] as RawBuilder<SqlBool>), sql` and `)
}

const saidOf = (filters: Filters): string[] =>
  Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : name))

const valuesOf = (filters: Filters): Values =>
  ({ after_id: '', after_key: '', query: '', ...filters }) as Values

const statements = new Map<string, Prepared<Values, unknown>>()
type Build<O> = (p: Values, engine: 'sqlite' | 'postgres') => RawBuilder<O>

/** One statement for each combination that is ever asked for, made when it first is. */
function statementFor<O>(shape: readonly (string | boolean)[], build: Build<O>): Prepared<Values, O> {
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
