import { type RawBuilder, sql } from 'kysely'
import { isUuid } from '#kit/ids'
import { type PageStart, pageErrors, TOTAL_EXACT_MAX } from '#kit/pages'
import { type Context, perProcess } from '#platform/context'
import type { Engine } from '#platform/database/database'
import type { Versioned } from './documents.ts'
import { type Condition, type Filters, type Values, valuesOf } from './filters.ts'
import type { ProductStatus } from './lifecycle.ts'
import { type Shaped, shaped } from './shaped.ts'

export type Sort = { by: 'created_at' | 'name' | 'price'; descending: boolean }
/** `key` is what the list is sorted by, if not by age. */
export type Listed = Versioned & { key?: string | number; total: number }
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
 * A page of a list with the list's total: ids and versions only, from an index wherever one has
 * the order; one row more than the page has, which tells that there is a next one.
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
  const plan = { filters, sort, continued: after !== undefined, walks: false }
  if (sort.by !== 'created_at' && filters.conditions.some(({ isNarrow }) => isNarrow)) {
    return sortedPage(ctx, plan, values)
  }
  const mark = filters.conditions.length === 1 ? ctx.mark(COUNTS) : undefined
  const known = countedTotals(ctx).get(filters.status)
  if (mark !== undefined && known?.mark === mark) {
    const rows = await shaped(ctx, pageStatement({ ...plan, counted: false }), values)
    return { rows, total: boundedTotal(known.total) }
  }
  const rows = await shaped(ctx, pageStatement({ ...plan, counted: true }), values)
  const isFirst = offset === 0 && !plan.continued
  const total = rows[0]?.total ?? (isFirst ? 0 : await countOf(ctx, filters, values))
  if (mark !== undefined) countedTotals(ctx).set(filters.status, { mark, total })
  return { rows, total: boundedTotal(total) }
}

type Plan = {
  filters: Filters
  sort: Sort
  continued: boolean
  /** Goes through the order's own index and looks whether each product fits. */
  walks: boolean
}

/**
 * A page of few products in another order than their age. How many they are decides how: up to a
 * thousand are sorted; of more, the next is never far in the order's own index.
 */
async function sortedPage(
  ctx: Context,
  plan: Plan,
  values: Values,
): Promise<{ rows: Listed[]; total: Total }> {
  const total = await countOf(ctx, plan.filters, values)
  const walks = total > TOTAL_EXACT_MAX
  const rows = await shaped(ctx, pageStatement({ ...plan, walks, counted: false }), values)
  return { rows, total: boundedTotal(total) }
}

async function countOf(ctx: Context, filters: Filters, values: Values): Promise<number> {
  const names = filters.conditions.map(({ name }) => name)
  const build = (p: Values, engine: Engine) => {
    const rows = rowsOf(filters.conditions, p, { engine, walks: false })
    return sql<{ total: number }>`select count(*) as total from (${someOf(rows)}) as counted`
  }
  const [counted] = await shaped(ctx, { shape: ['count', ...names], build }, values)
  return counted?.total ?? 0
}

const someOf = (rows: RawBuilder<unknown>) =>
  sql`select 1 ${rows} limit ${sql.lit(TOTAL_EXACT_MAX + 1)}`

type Page = Plan & { counted: boolean }

function pageStatement({ filters, sort, continued, walks, counted }: Page): Shaped<Listed> {
  const { conditions } = filters
  const names = conditions.map(({ name }) => name)
  const shape = [sort.by, sort.descending, continued, counted, walks, ...names]
  const build = (p: Values, engine: Engine) => {
    const isNarrow = !walks && conditions.some((condition) => condition.isNarrow)
    const key = keyOf(sort, isNarrow)
    const id = sql.ref(!walks && sourceOf(conditions) ? 's.product_id' : 'p.id')
    const direction = sql.raw(sort.descending ? 'desc' : 'asc')
    const beyond = sql.raw(sort.descending ? '<' : '>')
    const rows = rowsOf(conditions, p, { engine, walks })
    const after = key
      ? sql`and (${key}, ${id}) ${beyond} (${p.after_key}, ${p.after_id})`
      : sql`and ${id} ${beyond} ${p.after_id}`
    return sql<Listed>`
      select p.id, p.version ${key ? sql`, ${key} as key` : sql``}
        ${counted ? sql`, (select count(*) from (${someOf(rows)}) as counted) as total` : sql``}
      ${rows} ${continued ? after : sql``}
      order by ${key ? sql`${key} ${direction},` : sql``} ${id} ${direction}
      limit ${p.limit} offset ${p.offset}`
  }
  return { shape, build }
}

/** The column that keeps the order, if it is not age: ids rise with time. */
function keyOf({ by }: Sort, isNarrow: boolean): RawBuilder<unknown> | undefined {
  if (by === 'created_at') return undefined
  const [column, none] = by === 'name' ? ['p.name_key', ''] : ['p.price_amount', 0]
  // A brand or a tag is narrower than any order: as an expression, the key cannot tempt SQLite to
  // walk the whole order in search of them.
  return isNarrow ? sql`coalesce(${sql.ref(column)}, ${sql.lit(none)})` : sql.ref(column)
}

const sourceOf = (conditions: readonly Condition[]) => conditions.find(({ source }) => source)

type Way = { engine: Engine; walks: boolean }

/**
 * From the products, or from those of one tag, category or value, whose index keeps their age in
 * order. A cross join is an inner one like any other, but SQLite, which has no statistics, keeps to
 * its order.
 */
function rowsOf(
  conditions: readonly Condition[],
  p: Values,
  { engine, walks }: Way,
): RawBuilder<unknown> {
  const first = walks ? undefined : sourceOf(conditions)
  const others = conditions.filter((condition) => condition !== first)
  const all = sql.join(
    others.map(({ where }) => where(p, engine)),
    sql` and `,
  )
  if (!first?.source) return sql`from products as p where ${all}`
  const { table, where } = first.source
  return sql`from ${sql.table(table)} as s cross join products as p
    where ${where(p)} and p.id = s.product_id and ${all}`
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
