import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { MATCHES_MAX, type TextQuery } from '#platform/database/full-text'
import { invalidField } from '#platform/operations'
import { knownAttributes } from './attributes/known.ts'
import { categoryTree } from './categories/tree.ts'
import { type Counts, countLines } from './facet-counts.ts'
import { BETWEEN_KEYS, BETWEEN_PRODUCTS } from './facet-keys.ts'
import { type Facets, facetsTold } from './facets-told.ts'
import { type Condition, type Filters, inStockNow, type Values, valuesOf } from './filters.ts'
import { productSearch } from './search-index.ts'
import { beyondIndex, keysOf, placed } from './search-pages.ts'
import { type Shaped, shaped } from './shaped.ts'

const NAMES = ['category', 'brand', 'tag', 'price', 'in_stock'] as const
/** Attributes are asked for by their code, or all by `attributes`. */
export type Wanted = { names: ReadonlySet<string>; all: boolean }

/** Reads `facets=true`, or a list of names; undefined where none are wanted. */
export function readWanted(given: string | undefined): Wanted | undefined {
  const names = (given ?? '').split(',').map((name) => name.trim().toLowerCase())
  if (names.length === 1 && ['', 'false', '0'].includes(names[0] ?? '')) return undefined
  const all = names.length === 1 && ['true', '1'].includes(names[0] ?? '')
  const isName = (name: string) =>
    (NAMES as readonly string[]).includes(name) || /^[a-z][a-z0-9_]*$/.test(name)
  const wrong = all ? undefined : names.find((name) => !isName(name))
  if (wrong !== undefined) throw invalidField('facets', 'is true, or names such as "brand,price"')
  return { names: new Set(names), all }
}

export type FacetsAnswer = { facets: Facets; facets_exact: boolean }

/**
 * How many of the products that pass the filters, and match the text if there is one, have each
 * brand, tag, category, value, price and stock. Of more than a thousand the newest are counted, and
 * `facets_exact` is false. One statement.
 */
export async function facetsOf(
  ctx: Context,
  filters: Filters,
  { text = '', wanted }: { text?: string | undefined; wanted: Wanted },
): Promise<FacetsAnswer> {
  const currency = filters.currency ?? ctx.settings.default_currency
  const query = queryOf(ctx, filters, text)
  const [tree, attributes] = await Promise.all([categoryTree(ctx), knownAttributes(ctx)])
  const asked = { tree, attributes, wanted, currency }
  if (query === undefined) return { facets: facetsTold(NOTHING, asked), facets_exact: true }
  const stocked = wanted.all || wanted.names.has('in_stock')
  const how = { stocked, texted: typeof query !== 'string' }
  const statement = counting(beyondIndex(filters), how)
  const values = typeof query === 'string' ? { keys: query } : query
  const [found] = await shaped(ctx, statement, { ...valuesOf(filters), ...values })
  const counts = countLines(found?.lines ?? '', tree, currency)
  const facets_exact = (found?.matched ?? 0) <= MATCHES_MAX
  return { facets: facetsTold(counts, asked), facets_exact }
}

const NOTHING: Counts = countLines('', undefined, '')

/** Nothing at all is asked for by a text without a word. */
function queryOf(ctx: Context, filters: Filters, text: string): string | TextQuery | undefined {
  const { engine } = ctx.session
  if (text.trim() === '') return productSearch.keysQuery(engine, keysOf(filters))
  return productSearch.query(engine, text, keysOf(filters))
}

type How = { stocked: boolean; texted: boolean }
type Found = { lines: string | null; matched: number }

/** All counted products as one text: a line for each, its keys behind its price and stock. */
function counting(rest: readonly Condition[], { stocked, texted }: How): Shaped<Found> {
  const inStock: RawBuilder<unknown> = stocked
    ? sql`case when ${inStockNow} then '1' else '0' end`
    : sql`''`
  const line = sql`p.currency || '=' || p.price_amount || '=' || ${inStock}
    || ${sql.lit(BETWEEN_KEYS)} || p.facet_keys`
  return {
    shape: ['facets', stocked, texted, ...rest.map(({ name }) => name)],
    build: (p: Values, engine) => {
      const conditions = rest.map(({ where }) => sql` and ${where(p, engine)}`)
      const newest = texted
        ? productSearch.newest(engine, placed(p))
        : productSearch.newestWith(engine, p.keys as string)
      return sql<Found>`
        with m as materialized (select number from ${newest} as found)
        select string_agg(${line}, ${sql.lit(BETWEEN_PRODUCTS)}) as lines,
          (select count(*) from m) as matched
        from m cross join products as p
        where p.number = m.number ${sql.join(conditions, sql``)}`
    },
  }
}
