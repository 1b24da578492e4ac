import { type RawBuilder, sql } from 'kysely'
import { TOTAL_EXACT_MAX } from '#kit/pages'
import type { Context } from '#platform/context'
import type { Engine } from '#platform/database/database'
import {
  type AnyKey,
  MATCHES_MAX,
  TEXT_QUERY_PARTS,
  type TextQuery,
} from '#platform/database/full-text'
import type { Versioned } from './documents.ts'
import { type Condition, type Filters, type Values, valuesOf } from './filters.ts'
import type { Total } from './product-pages.ts'
import { productSearch } from './search-index.ts'
import { type Shaped, shaped } from './shaped.ts'

type Searching = { text: string; limit: number; offset: number }
type Found = Versioned & { total: number; matched: number }

/** A page of what matches a text, the best first, with the total of what was ranked. */
export async function searchPage(
  ctx: Context,
  filters: Filters,
  { text, limit, offset }: Searching,
): Promise<{ rows: Versioned[]; total: Total }> {
  const query = productSearch.query(ctx.session.engine, text, keysOf(filters))
  if (query === undefined) return { rows: [], total: { total: 0, total_is_estimate: false } }
  const rest = beyondIndex(filters)
  const statement = rest.length === 0 ? plainSearch : siftedSearch(rest)
  const page = (limit: number, offset: number) =>
    shaped(ctx, statement, { ...valuesOf(filters), ...query, limit, offset })
  const rows = await page(limit + 1, offset)
  const first = rows[0] ?? (offset > 0 ? (await page(1, 0))[0] : undefined)
  const total = Math.min(first?.total ?? 0, TOTAL_EXACT_MAX)
  // Where nothing was left of the newest matches, older ones may hold more.
  const total_is_estimate = first ? first.matched > MATCHES_MAX : rest.length > 0
  return { rows, total: { total, total_is_estimate } }
}

/** What of the filters is looked up in the same index as the words. */
export const keysOf = ({ conditions }: Filters): AnyKey[] =>
  conditions.flatMap(({ key }) => (key === undefined ? [] : [key]))

/** What the index does not know sifts what was found. */
export const beyondIndex = ({ conditions }: Filters): Condition[] =>
  conditions.filter(({ key }) => key === undefined)

/** The search query whose values are these placeholders. */
export const placed = (p: Values) =>
  Object.fromEntries(TEXT_QUERY_PARTS.map((name) => [name, p[name]])) as TextQuery

const ranked = (p: Values, engine: Engine): RawBuilder<unknown> =>
  sql`(select number, rank, count(*) over () as matched
    from ${productSearch.matches(engine, placed(p))} as found)`

/** The index knows all that is asked, so only the products of the page are looked up. */
const plainSearch: Shaped<Found> = {
  shape: ['search'],
  build: (p, engine) => sql<Found>`
      select p.id, p.version, m.matched as total, m.matched
      from (select * from ${ranked(p, engine)} as best
        order by rank, number desc limit ${p.limit} offset ${p.offset}) as m
      cross join products as p
      where p.number = m.number order by m.rank, m.number desc`,
}

function siftedSearch(rest: readonly Condition[]): Shaped<Found> {
  const build = (p: Values, engine: Engine) => {
    const conditions = rest.map(({ where }) => sql` and ${where(p, engine)}`)
    return sql<Found>`
      select p.id, p.version, count(*) over () as total, m.matched
      from ${ranked(p, engine)} as m cross join products as p
      where p.number = m.number ${sql.join(conditions, sql``)}
      order by m.rank, m.number desc limit ${p.limit} offset ${p.offset}`
  }
  return { shape: ['sifted search', ...rest.map(({ name }) => name)], build }
}
