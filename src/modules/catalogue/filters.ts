import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { parseCurrency } from '#kit/money'
import { hasStock } from '#modules/inventory'
import type { Context } from '#platform/context'
import type { Engine } from '#platform/database/database'
import type { AnyKey } from '#platform/database/full-text'
import { attributeConditions } from './attributes/filters.ts'
import { categoryTree } from './categories/tree.ts'
import { catalogueErrors } from './errors.ts'
import { brandKey, categoryKey, statusKey, tagKey } from './facet-keys.ts'
import { priceOf } from './facts.ts'
import type { ListProducts } from './inputs.ts'
import { isThere } from './is-there.ts'
import type { ProductStatus } from './lifecycle.ts'

/** The placeholders of a condition's values, by their names. */
export type Values = Record<string, unknown>
/**
 * One thing that a list keeps to. Its `name` says the shape of its SQL, and that its values are its
 * own; products are called `p`.
 */
export type Condition = {
  name: string
  values: Values
  where: (p: Values, engine: Engine) => RawBuilder<SqlBool>
  /** What the search index calls it; missing where that does not know it. */
  key?: AnyKey
  /** A table `s` of just these products, in the order of their age. */
  source?: { table: string; where: (p: Values) => RawBuilder<SqlBool> }
  /** It leaves few products, in no order but their age. */
  isNarrow?: boolean
}

/** What a list keeps to. Keys are in lower case, amounts minor units of `currency`. */
export type Filters = {
  status: ProductStatus
  currency?: string
  conditions: readonly Condition[]
}

const TAGS_MAX = 10

/** Reads the filters of a list. Throws `category_not_found`, `VALIDATION_FAILED`. */
export async function filtersOf(ctx: Context, query: ListProducts): Promise<Filters> {
  const status = query.status ?? (query.is_active === false ? 'inactive' : 'active')
  const { price_min, price_max } = query
  const isPriced = price_min !== undefined || price_max !== undefined || query.sort_by === 'price'
  const currency =
    query.currency !== undefined
      ? parseCurrency(query.currency)
      : isPriced
        ? ctx.settings.default_currency
        : undefined
  const inStock = query.in_stock ?? (query.in_stock_only ? true : undefined)
  return {
    status,
    ...(currency !== undefined && { currency }),
    conditions: [
      equal('status', status, statusKey(status)),
      ...(await inCategory(ctx, query.category)),
      ...tagsOf(query).map(hasTag),
      ...(await attributeConditions(ctx, query.attributes ?? [])),
      ...(query.brand === undefined ? [] : [ofBrand(query.brand)]),
      ...(currency === undefined ? [] : [equal('currency', currency)]),
      ...(currency === undefined ? [] : priced('price_min', price_min, currency)),
      ...(currency === undefined ? [] : priced('price_max', price_max, currency)),
      ...(inStock === undefined ? [] : [isInStock(inStock)]),
    ],
  }
}

function equal(column: 'status' | 'currency', value: string, key?: string): Condition {
  return {
    name: column,
    values: { [column]: value },
    where: (p) => sql`${sql.ref(`p.${column}`)} = ${p[column]}`,
    ...(key !== undefined && { key }),
  }
}

const ofBrand = (brand: string): Condition => ({
  name: 'brand',
  values: { brand: brand.toLowerCase() },
  where: (p) => sql`p.brand_key = ${p.brand}`,
  key: brandKey(brand),
  isNarrow: true,
})

function tagsOf({ tag, tags = [] }: ListProducts): string[] {
  const named = [...(tag === undefined ? [] : [tag]), ...tags].map((one) => one.toLowerCase())
  return [...new Set(named)].slice(0, TAGS_MAX)
}

/** The products of one key of a table, beside them or to begin with. */
function member(name: string, table: string, column: string, value: unknown): Condition {
  const is = (alias: string, p: Values) =>
    sql<SqlBool>`${sql.ref(`${alias}.${column}`)} = ${p[name]}`
  return {
    name,
    values: { [name]: value },
    where: (p) =>
      isThere(sql`from ${sql.table(table)} as m where m.product_id = p.id and ${is('m', p)}`),
    source: { table, where: (p) => is('s', p) },
    isNarrow: true,
  }
}

const hasTag = (tag: string, nth: number): Condition => ({
  ...member(`tag_${nth}`, 'product_tags', 'tag_key', tag),
  key: tagKey(tag),
})

async function inCategory(ctx: Context, ref: string | undefined): Promise<Condition[]> {
  if (ref === undefined) return []
  const tree = await categoryTree(ctx)
  const category = tree.find(ref)
  if (!category) throw catalogueErrors.category_not_found({ category: ref })
  const key = tree.downFrom(category).map(({ number }) => categoryKey(number))
  return [{ ...member('category', 'category_products', 'category_id', category.id), key }]
}

function priced(
  name: 'price_min' | 'price_max',
  given: string | number | undefined,
  currency: string,
): Condition[] {
  if (given === undefined) return []
  const than = sql.raw(name === 'price_min' ? '>=' : '<=')
  const amount = priceOf(given, currency, name)
  const where = (p: Values) => sql<SqlBool>`p.price_amount ${than} ${p[name]}`
  return [{ name, values: { [name]: amount }, where }]
}

/** Whether a unit of a variant of product `p` can be ordered now, as an expression. */
export const inStockNow = isThere(sql`from product_variants as sv
  where sv.product_id = p.id and sv.archived_at is null
    and (not sv.inventory_tracking or ${hasStock(sql.ref('sv.item_id'))})`)

const isInStock = (wanted: boolean): Condition => ({
  name: wanted ? 'in_stock' : 'out_of_stock',
  values: {},
  where: () => (wanted ? inStockNow : sql`not ${inStockNow}`),
})

/** The values of all conditions; each has names of its own. */
export const valuesOf = (filters: Filters): Values =>
  Object.assign({}, ...filters.conditions.map(({ values }) => values))
