import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import {
  afterId,
  type Page,
  type PageQuery,
  type PageStart,
  pageErrors,
  pageOf,
  pageStart,
} from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'

/** A list in one order, by columns that no two rows of it share. */
type ListByColumn<DB, TB extends keyof DB, R, T> = {
  /** What the list is called: a cursor of another one is refused. */
  name: string
  /** All rows of it that the caller may see and asked for, with the columns that are told. */
  rows: SelectQueryBuilder<DB, TB, R>
  /** The newest row first, unless said. */
  order?: 'newest first' | 'oldest first'
  /** The rows of the page as they are answered, in their order; once for all of them. */
  tell: (rows: R[]) => T[] | Promise<T[]>
}

/** A list whose order is that of its ids, and so that in which its rows were made. */
export type ListById<DB, TB extends keyof DB, R, T> = ListByColumn<DB, TB, R, T> & {
  /** The column of the id, where it is not called `id`. Each row holds it as `id`. */
  id?: string
}

/**
 * One page of a list: by `cursor` at the same cost however deep, or by `page`. Its total is exact
 * up to `TOTAL_EXACT_MAX`. Throws `CURSOR_INVALID`, `PAGE_TOO_DEEP`.
 */
export const pageById = <DB, TB extends keyof DB, R extends { id: string }, T>(
  ctx: Context,
  query: PageQuery,
  list: ListById<DB, TB, R, T>,
): Promise<Page<T>> =>
  pageBy(ctx, query, {
    ...list,
    columns: [list.id ?? 'id'],
    after: (start) => afterId(start),
    keyOf: ({ id }) => [id],
  })

/** The same of a list whose rows are counted: by a column `sequence`, or another `number`. */
export const pageByNumber = <
  DB,
  TB extends keyof DB,
  C extends string,
  R extends Record<C, number>,
  T,
>(
  ctx: Context,
  query: PageQuery,
  list: ListByColumn<DB, TB, R, T> & { number: C },
): Promise<Page<T>> =>
  pageBy(ctx, query, {
    ...list,
    columns: [list.number],
    after: ({ after }) => after && wholeNumber(after.at(-1)),
    keyOf: (row) => [row[list.number]],
  })

/** The same of a list in an order that somebody gave it: by `position`, the lowest first. */
export const pageByPosition = <
  DB,
  TB extends keyof DB,
  R extends { position: number; id: string },
  T,
>(
  ctx: Context,
  query: PageQuery,
  list: Pick<ListByColumn<DB, TB, R, T>, 'rows' | 'tell'>,
): Promise<Page<T>> =>
  pageBy(ctx, query, {
    ...list,
    name: 'position',
    order: 'oldest first',
    columns: ['position', 'id'],
    after: (start) => {
      const id = afterId(start)
      return id && sql`${wholeNumber(start.after?.[0])}, ${id}`
    },
    keyOf: ({ position, id }) => [position, id],
  })

function wholeNumber(value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number
  throw pageErrors.bad_cursor()
}

type Ordered<R> = {
  columns: readonly string[]
  /** Where the page before ended, as values of these columns; refuses a cursor without them. */
  after: (start: PageStart) => string | number | RawBuilder<unknown> | undefined
  keyOf: (row: R) => readonly (string | number)[]
}

async function pageBy<DB, TB extends keyof DB, R, T>(
  ctx: Context,
  query: PageQuery,
  list: ListByColumn<DB, TB, R, T> & Ordered<R>,
): Promise<Page<T>> {
  const { name, rows, order = 'newest first', tell, keyOf } = list
  const start = pageStart(query, name)
  const columns = list.columns.map((column) => sql.ref<string | number>(column))
  const after = list.after(start)
  const isNewestFirst = order === 'newest first'
  const isBeyond = isNewestFirst
    ? sql<boolean>`(${sql.join(columns)}) < (${after})`
    : sql<boolean>`(${sql.join(columns)}) > (${after})`
  let page = after === undefined ? rows.offset(start.offset) : rows.where(isBeyond)
  for (const column of columns) page = page.orderBy(column, isNewestFirst ? 'desc' : 'asc')
  const found = await page.limit(start.limit + 1).execute()
  const told = await tell(found.slice(0, start.limit))
  const byRow = new Map(found.map((row, nth) => [row, told[nth] as T]))
  return pageOf({
    start,
    sort: name,
    rows: found,
    key: keyOf,
    item: (row) => byRow.get(row) as T,
    total: await countUpTo(ctx, rows),
  })
}
