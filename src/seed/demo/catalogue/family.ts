/** A value to choose, with what it does to the price and the weight of the product (factors). */
export type Choice = string | readonly [value: string, price: number, weight: number]

export type FamilyOption = {
  name: string
  choices: readonly Choice[]
  /** How many of the choices one product offers, taken in turn by the products; all if absent. */
  take?: number
}

/** What one product has that its family has not. */
export type ProductDetail = {
  options?: readonly FamilyOption[]
  brand?: string
  tags?: readonly string[]
  grams?: number
  mm?: readonly [length: number, width: number, height: number]
  /** In place of the family's note, where that would be untrue. */
  note?: string
  status?: 'draft' | 'archived'
}

/** `usd_amount` in US cents; `text` is the product's own sentence. */
export type ProductRow = readonly [
  name: string,
  usd_amount: number,
  text: string,
  detail?: ProductDetail,
]

/** When a family sells: see `SEASONS` in `seasons.ts`. */
export type Season = 'even' | 'cold' | 'warm' | 'gift' | 'desk'

/** Products of one kind: the same options, size, sale pattern and small print. */
export type Family = {
  /** Begins the SKU of each product. */
  code: string
  tags: readonly string[]
  /** Taken in turn, unless a product names its own. */
  brands: readonly string[]
  grams: number
  mm: readonly [length: number, width: number, height: number]
  options: readonly FamilyOption[]
  /** Sentences for the end of a description, taken in turn. */
  notes: readonly string[]
  season: Season
  /** How often it is bought, relative to a family with 1. */
  demand: number
  /** True for what people buy several of. */
  consumable?: true
  digital?: true
  /** True where the price is a value in the currency itself, as on a gift card. */
  face_value?: true
  products: readonly ProductRow[]
}
