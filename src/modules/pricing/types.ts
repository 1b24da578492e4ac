/**
 * Why a tax is what it is. A row is written even when it is zero, so that «0 %» and «nobody looked»
 * are not the same.
 */
export const TAX_REASONS = [
  'standard',
  'reduced',
  'zero_rated',
  'exempt',
  'reverse_charge',
  'export',
  'default',
] as const
export type TaxReason = (typeof TAX_REASONS)[number]

/** One tax that is due on something: a state's, say, beside a county's. */
export type TaxRate = {
  name: string
  /** Whose tax it is, such as `US-CA`; `default` for the rate of the settings. */
  jurisdiction: string
  /** Parts per million: 80,000 is 8 %. */
  rate_ppm: number
  reason: TaxReason
}

/** What is priced: so many units of one price, and the taxes that are due on them. */
export type PricingLine = {
  /** The line's own, wherever it stands; ties are broken by it. `shipping` is taken. */
  key: string
  quantity: number
  /** Minor units of one unit, with tax if prices include it. */
  unit_amount: number
  taxes: readonly TaxRate[]
}

export type PricingShipping = { amount: number; taxes: readonly TaxRate[] }

/** A price reduction that is asked for. Whether it may be had is settled here. */
export type Discount = {
  /** Asked for twice, it is taken once. */
  id: string
  /** The code that was entered; null for what applies by itself. */
  code: string | null
  label: string
  /** Lower comes first. */
  priority: number
  /** Never together with another discount. */
  exclusive: boolean
  /** The least that the eligible lines must come to before any discount, in minor units. */
  minimum_amount: number
  /** The lines it is for; null for all. */
  line_keys: readonly string[] | null
} & (
  | { kind: 'percent'; rate_ppm: number }
  | { kind: 'fixed'; amount: number }
  | { kind: 'free_shipping' }
)

/** How tax is rounded: on every line, or once a document and then shared out. */
export type TaxRounding = 'line' | 'document'

export type PricingInput = {
  lines: readonly PricingLine[]
  shipping: PricingShipping | null
  discounts: readonly Discount[]
  /** Whether unit prices and shipping are told with their tax. */
  prices_include_tax: boolean
  tax_rounding: TaxRounding
}

export type PricedTax = TaxRate & {
  /** What the tax is a share of: the amount without it, after discounts. */
  taxable_amount: number
  amount: number
}
/** What one discount takes off one line or off the shipping. */
export type DiscountShare = { discount_id: string; amount: number }

/** Something priced. `gross = net + tax`, and `gross` is what the buyer pays for it. */
export type PricedPart = {
  /** Before discounts; with tax if prices include it. */
  base_amount: number
  discount_amount: number
  discounts: readonly DiscountShare[]
  net_amount: number
  tax_amount: number
  gross_amount: number
  taxes: readonly PricedTax[]
}
export type PricedLine = PricedPart & { key: string; quantity: number; unit_amount: number }

export type AppliedDiscount = {
  id: string
  code: string | null
  label: string
  /** What it takes off in all. */
  amount: number
  /** In words, such as «10 % off all items». */
  explanation: string
}
/** Why a discount that was asked for takes nothing off. */
export type RefusedDiscount = {
  id: string
  code: string | null
  reason: 'minimum_not_reached' | 'nothing_eligible' | 'not_combinable' | 'nothing_left'
  explanation: string
}

/** All of a document's money, in minor units of its currency. Parts always add up. */
export type Priced = {
  lines: readonly PricedLine[]
  shipping: PricedPart | null
  discounts: readonly AppliedDiscount[]
  refused: readonly RefusedDiscount[]
  /** One row a tax, over lines and shipping. */
  taxes: readonly PricedTax[]
  /** The lines before discounts. */
  subtotal_amount: number
  /** All discounts, those on shipping too. */
  discount_amount: number
  /** Shipping before discounts. */
  shipping_amount: number
  /** All taxes: on top of prices that exclude them, contained in prices that include them. */
  tax_amount: number
  /** What the buyer pays: the gross of all parts. */
  total_amount: number
}
