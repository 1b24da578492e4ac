// What a product is counted and filtered under, as one text of the product's row: so that a
// thousand products are counted by reading one column, and the search index has the same keys.

export type FacetKind = 'brand' | 'tag' | 'category' | 'attribute'
/** `of` is the number of the attribute; `value` is as written, compared without regard to case. */
export type FacetKey = { kind: FacetKind; of: number; value: string }

type Counted = {
  brand: string | null
  tags: readonly string[]
  /** The numbers of the categories that staff put it in. */
  categories: readonly number[]
  attributes: readonly { number: number; value: string }[]
}

/** No text that we take has these. */
export const BETWEEN_KEYS = '\u001f'
export const BETWEEN_PRODUCTS = '\u001e'

/** The keys of a product as one text, in one order. */
export function printFacetKeys({ brand, tags, categories, attributes }: Counted): string {
  return [
    ...(brand ? [`brand=${brand}`] : []),
    ...tags.map((tag) => `tag=${tag}`),
    ...categories.toSorted((a, b) => a - b).map((number) => `category=${number}`),
    ...attributes
      .toSorted((a, b) => a.number - b.number)
      .map(({ number, value }) => `attribute=${number}=${value}`),
  ].join(BETWEEN_KEYS)
}

/** The single keys of such a text, as printed. */
export const splitFacetKeys = (text: string): string[] =>
  text === '' ? [] : text.split(BETWEEN_KEYS)

/** What a printed key says. */
export function parseFacetKey(key: string): FacetKey {
  const at = key.indexOf('=')
  const kind = key.slice(0, at) as FacetKind
  const rest = key.slice(at + 1)
  if (kind !== 'attribute') return { kind, of: 0, value: rest }
  const second = rest.indexOf('=')
  return { kind, of: Number(rest.slice(0, second)), value: rest.slice(second + 1) }
}

// The keys of the search index: the same without regard to case.
export const brandKey = (brand: string): string => `brand=${brand.toLowerCase()}`
export const tagKey = (tag: string): string => `tag=${tag.toLowerCase()}`
export const categoryKey = (number: number): string => `category=${number}`
export const attributeKey = (number: number, value: string): string =>
  `attribute=${number}=${value.toLowerCase()}`
export const statusKey = (status: string): string => `status=${status}`
