import { type Static, Type } from 'typebox'
import { Amount } from '#kit/money'
import { Nullable } from '#kit/schemas'

/** One article of a session with all its money, in minor units. */
export const SessionLine = Type.Object({
  id: Type.String(),
  /** The article as the agent named it. */
  item_id: Type.String(),
  variant_id: Type.String(),
  product_id: Nullable(Type.String()),
  sku: Nullable(Type.String()),
  name: Type.String(),
  image_url: Nullable(Type.String()),
  options: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  weight_grams: Nullable(Type.Integer()),
  requires_shipping: Type.Boolean(),
  quantity: Type.Integer(),
  unit_amount: Amount,
  /** `unit_amount × quantity`; contains tax if `totals.tax_included`. */
  base_amount: Amount,
  discount_amount: Amount,
  /** `base − discount`. */
  subtotal_amount: Amount,
  /** On top of the subtotal, or contained in it if `totals.tax_included`. */
  tax_amount: Amount,
  /** What the buyer pays for it. */
  total_amount: Amount,
  availability: Type.Enum(['in_stock', 'low_stock', 'out_of_stock', 'backorder']),
  /** Units that can be had now; null where stock is not tracked. */
  available_quantity: Nullable(Type.Integer()),
})
export type SessionLine = Static<typeof SessionLine>

/** A way in which some of the lines can come to the buyer. */
export const Option = Type.Object({
  id: Type.String(),
  kind: Type.Enum(['shipping', 'digital']),
  title: Type.String(),
  /** Before discounts; contains tax if `totals.tax_included`. */
  amount: Amount,
  line_ids: Type.Array(Type.String()),
  /** Calendar instants; null where nothing is known. */
  earliest_delivery: Nullable(Type.String()),
  latest_delivery: Nullable(Type.String()),
})
export type Option = Static<typeof Option>

export const TaxPart = Type.Object({
  name: Type.String(),
  jurisdiction: Type.String(),
  rate_ppm: Type.Integer(),
  amount: Amount,
})

/**
 * All money of a session. It adds up: `total = subtotal − discount + fulfillment + added_tax`, and
 * `subtotal = items_base − items_discount`; `added_tax` is 0 where prices contain their tax.
 */
export const Totals = Type.Object({
  items_base: Amount,
  /** What discounts take off the lines. */
  items_discount: Amount,
  subtotal: Amount,
  /** What discounts take off the rest, that is off shipping. */
  discount: Amount,
  /** Before discounts. */
  fulfillment: Amount,
  /** All taxes, wherever they are. */
  tax: Amount,
  added_tax: Amount,
  total: Amount,
  tax_included: Type.Boolean(),
  taxes: Type.Array(TaxPart),
})
export type Totals = Static<typeof Totals>

/** A discount that takes something off, and off what; the allocations add up to its amount. */
export const Applied = Type.Object({
  id: Type.String(),
  code: Nullable(Type.String()),
  label: Type.String(),
  amount: Amount,
  allocations: Type.Array(
    Type.Object({
      line_id: Nullable(Type.String({ description: 'Null: the shipping.' })),
      amount: Amount,
    }),
  ),
})
export type Applied = Static<typeof Applied>

/** A code that takes nothing off; `reason` is the promotions' or the pricing's own word. */
export const Rejected = Type.Object({
  code: Type.String(),
  reason: Type.String(),
  explanation: Type.String(),
})
export type Rejected = Static<typeof Rejected>

/** What the agent or the buyer should know. `param` is a JSONPath in the newest ACP's words. */
export const SessionMessage = Type.Object({
  type: Type.Enum(['info', 'warning', 'error']),
  code: Nullable(Type.String()),
  param: Nullable(Type.String()),
  content: Type.String(),
  /** Who can mend it; null for what is only told. */
  resolution: Nullable(Type.Enum(['recoverable', 'requires_buyer_input', 'requires_buyer_review'])),
})
export type SessionMessage = Static<typeof SessionMessage>
