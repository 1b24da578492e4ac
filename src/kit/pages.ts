import { type Static, type TSchema, Type } from 'typebox'
import { defineErrors } from '#kit/errors'
import { type Id, isUuid } from '#kit/ids'

export const pageErrors = defineErrors({
  bad_cursor: {
    code: 'CURSOR_INVALID',
    status: 400,
    message: 'This cursor does not belong to this list; start again without it.',
  },
  too_deep: {
    code: 'PAGE_TOO_DEEP',
    status: 400,
    message: 'Page numbers reach {limit} rows deep; go on with `cursor` from the last answer.',
  },
})

/** How deep `page` may reach (rows); beyond it only the cursor goes, at the same cost per page. */
export const PAGE_DEPTH_MAX = 10_000
/** `total` is exact up to this many rows; beyond it `total_is_estimate` is true. */
export const TOTAL_EXACT_MAX = 1_000
export const LIMIT_DEFAULT = 20
export const LIMIT_MAX = 100

/** The query members every list takes. `page` and `cursor` are two ways to the same rows. */
export const pageQuery = {
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT })),
  per_page: Type.Optional(
    Type.Integer({ minimum: 1, maximum: LIMIT_MAX, description: 'The same as `limit`.' }),
  ),
  offset: Type.Optional(
    Type.Integer({ minimum: 0, maximum: PAGE_DEPTH_MAX, description: 'Rounded down to a page.' }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 500, description: '`next_cursor` of the page before.' }),
  ),
}
const PageQuery = Type.Object(pageQuery)
export type PageQuery = Static<typeof PageQuery>

/** The settled shape of every list. */
export const PageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    total: Type.Integer({ minimum: 0 }),
    total_is_estimate: Type.Boolean({
      description: `False while \`total\` is exact (up to ${TOTAL_EXACT_MAX} rows).`,
    }),
    page: Type.Integer({ minimum: 1 }),
    limit: Type.Integer({ minimum: 1 }),
    total_pages: Type.Integer({ minimum: 0 }),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
  })

export type Page<T> = {
  items: T[]
  total: number
  total_is_estimate: boolean
  page: number
  limit: number
  total_pages: number
  next_cursor: string | null
}

/** Where a page starts. `after` holds the sort key of the row before it, its id last. */
export type PageStart = {
  page: number
  limit: number
  offset: number
  after: readonly (string | number | null)[] | undefined
}

/** Reads a list's page members; refuses what is too deep or a cursor made for another order. */
export function pageStart(query: PageQuery, sort: string): PageStart {
  const limit = query.limit ?? query.per_page ?? LIMIT_DEFAULT
  if (query.cursor !== undefined) {
    const { page, after } = decodeCursor(query.cursor, sort)
    return { page, limit, offset: 0, after }
  }
  const page = query.page ?? Math.floor((query.offset ?? 0) / limit) + 1
  const offset = (page - 1) * limit
  if (offset > PAGE_DEPTH_MAX) throw pageErrors.too_deep({ limit: PAGE_DEPTH_MAX })
  return { page, limit, offset, after: undefined }
}

/** The id that the cursor ends with; refuses a cursor that names none. */
export function afterId<K extends string>({ after }: PageStart): Id<K> | undefined {
  if (!after) return undefined
  const id = after.at(-1)
  if (typeof id === 'string' && isUuid(id)) return id as Id<K>
  throw pageErrors.bad_cursor()
}

/** What `cursorPage` needs to know of a list. */
export type PageRows<R, T> = {
  start: PageStart
  sort: string
  /** `limit + 1` rows at most: the extra one tells that there is a next page. */
  rows: readonly R[]
  /** The sort key of a row, its id last. */
  key: (row: R) => readonly (string | number | null)[]
  item: (row: R) => T
  total: { total: number; total_is_estimate: boolean }
  /**
   * Where to go on although there is no further row: the search has looked at as much as one
   * request may, and not at all there is.
   */
  stopped?: readonly (string | number | null)[] | undefined
}

/** Makes the settled list from the rows read. */
export function pageOf<R, T>(page: PageRows<R, T>): Page<T> {
  const { start, sort, rows, key, item, total, stopped } = page
  const shown = rows.slice(0, start.limit)
  const last = shown.at(-1)
  const after = rows.length > start.limit && last !== undefined ? key(last) : stopped
  return {
    items: shown.map(item),
    ...total,
    page: start.page,
    limit: start.limit,
    total_pages: Math.ceil(total.total / start.limit),
    next_cursor: after ? encodeCursor({ sort, page: start.page + 1, after }) : null,
  }
}

type Cursor = { sort: string; page: number; after: readonly (string | number | null)[] }

function encodeCursor({ sort, page, after }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, page, ...after])).toString('base64url')
}

function decodeCursor(text: string, sort: string): Cursor {
  try {
    const [madeFor, page, ...after]: unknown[] = JSON.parse(
      Buffer.from(text, 'base64url').toString(),
    )
    const plain = after.every((part) => part === null || ['string', 'number'].includes(typeof part))
    const counted = typeof page === 'number' && Number.isSafeInteger(page) && page > 0
    if (madeFor === sort && counted && after.length > 0 && plain) {
      return { sort, page, after: after as (string | number | null)[] }
    }
  } catch {
    // Not ours: refused below like any other cursor that is not.
  }
  throw pageErrors.bad_cursor()
}
