import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, formatMoney, Money } from '#kit/money'
import { Nullable } from '#kit/schemas'
import type { AttributeRow } from './attributes/known.ts'
import { ATTRIBUTE_TYPES } from './attributes/tables.ts'
import { toldValue } from './attributes/value.ts'
import type { CategoryTree } from './categories/tree.ts'
import type { Counted, Counts } from './facet-counts.ts'
import type { Wanted } from './facets.ts'

/** Of more values the most frequent are told. */
const VALUES_MAX = 100
const count = Type.Integer({ minimum: 1 })
const Value = Type.Object({ value: Type.String(), count })

export const Facets = Type.Object({
  category: Type.Optional(
    Type.Array(
      Type.Object({
        id: IdSchema('category'),
        name: Type.String(),
        slug: Type.String(),
        parent_id: Nullable(IdSchema('category')),
        count,
      }),
      { description: 'A product counts in its categories and in all above them.' },
    ),
  ),
  brand: Type.Optional(Type.Array(Value)),
  tag: Type.Optional(Type.Array(Value)),
  price: Type.Optional(
    Type.Object({
      currency: Currency,
      bands: Type.Array(Type.Object({ price_min: Money, price_max: Money, count }), {
        description: 'Both ends belong to it. Regular prices, of products in this currency.',
      }),
    }),
  ),
  in_stock: Type.Optional(
    Type.Object({
      true: Type.Integer({ minimum: 0 }),
      false: Type.Integer({ minimum: 0 }),
    }),
  ),
  attributes: Type.Optional(
    Type.Array(
      Type.Object({
        code: Type.String(),
        label: Type.String(),
        type: Type.Enum([...ATTRIBUTE_TYPES]),
        unit: Nullable(Type.String()),
        values: Type.Array(
          Type.Object({
            value: Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
            count,
          }),
        ),
      }),
    ),
  ),
})
export type Facets = Static<typeof Facets>

type Asked = {
  tree: CategoryTree
  attributes: readonly AttributeRow[]
  wanted: Wanted
  currency: string
}

/** The counts as they are answered: of each facet the most frequent values, those first. */
export function facetsTold(counts: Counts, { attributes, wanted, currency }: Asked): Facets {
  const { names, all } = wanted
  const isWanted = (name: string) => all || names.has(name)
  const told: Facets = {}
  if (isWanted('category')) {
    told.category = mostFrequent(
      [...counts.categories].map(([node, count]) => {
        const { id, name, slug, parent_id } = node
        return { id, name, slug, parent_id, count, value: slug }
      }),
    ).map(({ value: _, ...category }) => category)
  }
  if (isWanted('brand')) told.brand = mostFrequent(counts.brands)
  if (isWanted('tag')) told.tag = mostFrequent(counts.tags)
  if (isWanted('price')) told.price = { currency, bands: bandsOf(counts.prices, currency) }
  if (isWanted('in_stock')) told.in_stock = { true: counts.inStock, false: counts.outOfStock }
  const counted = attributes.filter(
    ({ code, filterable }) => filterable && (isWanted('attributes') || names.has(code)),
  )
  if (counted.length > 0) {
    told.attributes = counted.flatMap((attribute) => attributeTold(attribute, counts))
  }
  return told
}

function attributeTold({ number, code, label, type, unit }: AttributeRow, counts: Counts) {
  const values = counts.attributes.get(number)
  if (!values) return []
  const told = mostFrequent(values).map(({ value, count }) => ({
    value: toldValue(type, value),
    count,
  }))
  return [{ code, label, type, unit, values: told }]
}

function mostFrequent<T extends Counted>(values: readonly T[]): T[] {
  return values
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, VALUES_MAX)
}

/** 1, 2, 5, 10, 20, 50 … minor units: where bands of prices begin; below 1 there is only 0. */
function bandStart(amount: number): number {
  if (amount < 1) return 0
  const power = 10 ** (String(amount).length - 1)
  const lead = Math.floor(amount / power)
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1)
}

function bandEnd(start: number): number {
  if (start === 0) return 0
  const lead = Number(String(start)[0])
  return (lead === 2 ? (start / 2) * 5 : start * 2) - 1
}

function bandsOf(prices: ReadonlyMap<number, number>, currency: string) {
  const bands = new Map<number, number>()
  for (const [amount, count] of prices) {
    const start = bandStart(amount)
    bands.set(start, (bands.get(start) ?? 0) + count)
  }
  return [...bands]
    .toSorted(([a], [b]) => a - b)
    .map(([start, count]) => ({
      price_min: formatMoney(start, currency),
      price_max: formatMoney(bandEnd(start), currency),
      count,
    }))
}
