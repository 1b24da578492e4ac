import { type SelectQueryBuilder, sql } from 'kysely'
import { afterId, type Page, type PageQuery, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'

/** A list whose order is that of its ids, and so that in which its rows were made. */
export type ListById<DB, TB extends keyof DB, R, T> = {
  /** What the list is called: a cursor of another one is refused. */
  name: string
  /** All rows of it that the caller may see and asked for, with the columns that are told. */
  rows: SelectQueryBuilder<DB, TB, R>
  /** The newest row first, unless said. */
  order?: 'newest first' | 'oldest first'
  /** The column of the id, where it is not called `id`. Each row holds it as `id`. */
  id?: string
  /** The rows of the page as they are answered, in their order; once for all of them. */
  tell: (rows: R[]) => T[] | Promise<T[]>
}

/**
 * One page of a list: by `cursor` at the same cost however deep, or by `page`. Its total is exact
 * up to `TOTAL_EXACT_MAX`. Throws `CURSOR_INVALID`, `PAGE_TOO_DEEP`.
 */
export async function pageById<DB, TB extends keyof DB, R extends { id: string }, T>(
  ctx: Context,
  query: PageQuery,
  { name, rows, order = 'newest first', id = 'id', tell }: ListById<DB, TB, R, T>,
): Promise<Page<T>> {
  const start = pageStart(query, name)
  const column = sql.ref<string>(id)
  const after = afterId(start)
  const isNewestFirst = order === 'newest first'
  const isBeyond = isNewestFirst
    ? sql<boolean>`${column} < ${after}`
    : sql<boolean>`${column} > ${after}`
  const from = after ? rows.where(isBeyond) : rows.offset(start.offset)
  const found = await from
    .orderBy(column, isNewestFirst ? 'desc' : 'asc')
    .limit(start.limit + 1)
    .execute()
  const told = await tell(found.slice(0, start.limit))
  const byRow = new Map(found.map((row, nth) => [row, told[nth] as T]))
  return pageOf({
    start,
    sort: name,
    rows: found,
    key: (row) => [row.id],
    item: (row) => byRow.get(row) as T,
    total: await countUpTo(ctx, rows),
  })
}
