import type { DemoTaxClass } from './taxes.ts'

/** The currencies in which every variant of the demo shop has a price. */
export const DEMO_CURRENCIES = ['USD', 'EUR', 'GBP'] as const
export type DemoCurrency = (typeof DEMO_CURRENCIES)[number]

/** Whole minor units (cents, pence) per currency. */
export type DemoPrices = Record<DemoCurrency, number>

/** Shape of an address as orders carry it on the wire; `country` is ISO 3166-1 alpha-2. */
export type DemoAddress = {
  street: string
  city: string
  state: string
  postal_code: string
  country: string
}

/** A place that holds stock. The first one of the shop serves its online orders. */
export type DemoLocation = {
  code: string
  name: string
  kind: 'warehouse' | 'shop'
  address: DemoAddress
}

export type DemoVariant = {
  sku: string
  /** The chosen options, e.g. `Slate / 350 ml`; `Standard` where there is nothing to choose. */
  name: string
  options: Record<string, string>
  prices: DemoPrices
  /** The former price, above `prices`, of what is on sale. */
  compare_at?: DemoPrices
  /** What a unit costs the shop, in US cents. */
  cost_amount: number
  weight_grams: number
  /** False for what is downloaded: it has no stock to run out of. */
  inventory_tracking: boolean
  /** Units received per location code before the first order; empty where stock is not tracked. */
  stock: Record<string, number>
}

export type DemoProduct = {
  sku: string
  name: string
  description: string
  brand: string
  manufacturer?: string
  tags: string[]
  /** The slug of its category; absent where the shop has none. */
  category?: string
  tax_class: DemoTaxClass
  /** By the code of the attribute. */
  attributes: Record<string, string | number | boolean>
  is_digital: boolean
  status: 'active' | 'draft' | 'archived'
  weight_grams: number
  /** Packed for the shelf; absent for what is downloaded. */
  dimensions?: { length_mm: number; width_mm: number; height_mm: number }
  /** The names of the options, in the order in which a shop window shows them. */
  options: string[]
  variants: DemoVariant[]
}

export type DemoCustomer = {
  email: string
  first_name: string
  last_name: string
  /** E.164, from the ranges that regulators keep free for fiction; absent where none is kept. */
  phone?: string
  accepts_marketing: boolean
  /** ISO 8601 UTC; never after the customer's first order. */
  created_at: string
  currency: DemoCurrency
  address: DemoAddress
}

export type DemoOrderLine = {
  sku: string
  quantity: number
  /** The catalogue's regular price of one unit in the order's currency, minor units. */
  unit_amount: number
}

/** How an order came through the checkout of the web shop. */
export type DemoCheckout = {
  /** Whether the buyer takes the express method rather than the usual one. */
  express: boolean
  /** What the buyer enters; it may be that the basket is too small for it. */
  coupon?: string
}

/** `amount` is what it comes to at regular prices, without tax; without lines it is goodwill. */
export type DemoRefund = {
  amount: number
  reason: string
  lines: DemoOrderLine[]
  /** Everything that was paid goes back, shipping included. */
  whole: boolean
}

/** What happens to an order after it was placed; `at` is ISO 8601 UTC and never after `now`. */
export type DemoOrderStep =
  | { do: 'decline'; at: string }
  | { do: 'pay'; at: string }
  | { do: 'ship'; at: string }
  | { do: 'deliver'; at: string }
  | { do: 'cancel'; at: string; reason: string }
  | ({ do: 'refund'; at: string } & DemoRefund)

export type DemoOutcome =
  | 'pending'
  | 'paid'
  | 'declined_then_paid'
  | 'partly_refunded'
  | 'refunded'
  | 'cancelled'

export type DemoOrder = {
  /** Unique and stable, fit for an idempotency key: `demo-0001`. */
  reference: string
  customer_email: string
  currency: DemoCurrency
  /** ISO 8601 UTC; rises strictly from order to order. */
  placed_at: string
  lines: DemoOrderLine[]
  shipping_address: DemoAddress
  /** Absent for an order that staff entered: by telephone, or from a market place. */
  checkout?: DemoCheckout
  notes?: string
  /** The steps in the order of time; empty for an order that still waits for its payment. */
  history: DemoOrderStep[]
  /** What `history` comes to. */
  outcome: DemoOutcome
}

/** Prices beside the regular ones; instants are ISO 8601 UTC. */
export type DemoSpecial = {
  sku: string
  breaks?: { min_quantity: number; prices: DemoPrices }[]
  sale?: { starts_at: string; ends_at: string; prices: DemoPrices }
}

export type DemoShop = {
  locations: DemoLocation[]
  products: DemoProduct[]
  /** Quantity breaks, and the sales that run or are coming at `now`. */
  specials: DemoSpecial[]
  customers: DemoCustomer[]
  /** Oldest first. */
  orders: DemoOrder[]
}
