import type { CategoryTree, Node } from './categories/tree.ts'
import { BETWEEN_KEYS, BETWEEN_PRODUCTS, parseFacetKey } from './facet-keys.ts'

export type Counted = { value: string; count: number }
/** How many products have each; values are spelt as by the newest product that has them. */
export type Counts = {
  brands: readonly Counted[]
  tags: readonly Counted[]
  /** By the number of the attribute. */
  attributes: ReadonlyMap<number, readonly Counted[]>
  /** By category, those above included; a product counts once in each. */
  categories: ReadonlyMap<Node, number>
  /** Prices in minor units of the currency asked for, each as often as products have it. */
  prices: ReadonlyMap<number, number>
  inStock: number
  outOfStock: number
}

/**
 * Counts what the lines of `facets.ts` say. Most products share their keys with many others, so a
 * key is taken apart once however often it comes.
 */
export function countLines(
  lines: string,
  tree: CategoryTree | undefined,
  currency: string,
): Counts {
  const keys = new Map<string, number>()
  const prices = new Map<number, number>()
  const categories = new Map<Node, number>()
  const places = new PlacesOf(tree)
  const stock = { yes: 0, no: 0 }
  for (const line of lines === '' ? [] : lines.split(BETWEEN_PRODUCTS)) {
    const [head = '', ...own] = line.split(BETWEEN_KEYS)
    const [of, amount, inStock] = head.split('=')
    if (of === currency) add(prices, Number(amount))
    if (inStock === '1') stock.yes++
    else if (inStock === '0') stock.no++
    const numbers: string[] = []
    for (const key of own) {
      if (key.startsWith('category=')) numbers.push(key)
      else if (key !== '') add(keys, key)
    }
    for (const node of places.of(numbers)) add(categories, node)
  }
  return { ...byKind(keys), categories, prices, inStock: stock.yes, outOfStock: stock.no }
}

const add = <K>(counts: Map<K, number>, key: K, by = 1): void =>
  void counts.set(key, (counts.get(key) ?? 0) + by)

/** The categories of products that stand in the same ones are found once. */
class PlacesOf {
  readonly #tree: CategoryTree | undefined
  readonly #known = new Map<string, readonly Node[]>()

  constructor(tree: CategoryTree | undefined) {
    this.#tree = tree
  }

  of(keys: readonly string[]): readonly Node[] {
    if (keys.length === 0) return []
    const name = keys.join()
    const known = this.#known.get(name)
    if (known) return known
    const nodes = new Set<Node>()
    for (const key of keys) {
      const node = this.#tree?.numbered(Number(parseFacetKey(key).value))
      for (const above of node ? (this.#tree?.upFrom(node) ?? []) : []) nodes.add(above)
    }
    const found = [...nodes]
    this.#known.set(name, found)
    return found
  }
}

function byKind(keys: ReadonlyMap<string, number>): Pick<Counts, 'brands' | 'tags' | 'attributes'> {
  const groups = new Map<string, Map<string, Counted>>()
  for (const [key, count] of keys) {
    const { kind, of, value } = parseFacetKey(key)
    const group = groups.get(`${kind} ${of}`) ?? new Map<string, Counted>()
    groups.set(`${kind} ${of}`, group)
    const folded = value.toLowerCase()
    const known = group.get(folded)
    if (known) known.count += count
    else group.set(folded, { value, count })
  }
  const attributes = new Map<number, readonly Counted[]>()
  for (const [name, group] of groups) {
    const [kind, of] = name.split(' ')
    if (kind === 'attribute') attributes.set(Number(of), [...group.values()])
  }
  const listed = (name: string) => [...(groups.get(name)?.values() ?? [])]
  return { brands: listed('brand 0'), tags: listed('tag 0'), attributes }
}
