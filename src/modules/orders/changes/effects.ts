import type { Id } from '#kit/ids'
import type { TaxRate } from '#modules/pricing'
import type { OrderRow } from '../find.ts'
import type { DiscountRow, FeeRow, ShareRow, TaxRow } from '../frozen.ts'
import type { LineUnits } from '../units/lines.ts'
import type { LineRow } from '../wire.ts'

/** What of an order costs nothing. */
export type Details = Pick<
  OrderRow,
  'shipping_address' | 'billing_address' | 'payment_method_id' | 'notes' | 'email'
>
export const DETAILS = [
  'shipping_address',
  'billing_address',
  'payment_method_id',
  'notes',
  'email',
] as const satisfies readonly (keyof Details)[]

/** All rows of an order's money; where one comes from and goes to is not theirs to say. */
export type Rows = {
  lines: Omit<LineRow, 'order_id'>[]
  fees: Omit<FeeRow, 'order_id'>[]
  discounts: Omit<DiscountRow, 'order_id'>[]
  shares: Omit<ShareRow, 'order_id'>[]
  taxes: Omit<TaxRow, 'order_id'>[]
}
export type StateLine = Rows['lines'][number]

/** All of an order that a change can change. Plain data: it is stored, and computed with. */
export type OrderState = Rows &
  Pick<OrderRow, 'currency' | 'prices_include_tax' | 'tax_status'> & { details: Details }

/** A line that is added, as it is called and priced when it is added. */
export type NewLine = Pick<
  LineRow,
  | 'id'
  | 'product_id'
  | 'variant_id'
  | 'item_id'
  | 'sku'
  | 'name'
  | 'tax_class'
  | 'image_url'
  | 'quantity'
  | 'unit_amount'
>

/** One step of a change, with all that was looked up for it: applying it asks nobody. */
export type Effect =
  | { kind: 'add_line'; line: NewLine; rates: readonly TaxRate[] }
  /** None takes the line out; the price of a unit stays. */
  | { kind: 'set_quantity'; order_line_id: Id<'order_line'>; quantity: number }
  /** A discount by hand on a line, in place of the one before; 0 takes it away. */
  | { kind: 'set_discount'; order_line_id: Id<'order_line'>; amount: number; label: string }
  | {
      kind: 'set_shipping'
      fee: { code: string; name: string; amount: number } | null
      rates: readonly TaxRate[]
    }
  | { kind: 'set_details'; details: Partial<Details> }
  | { kind: 'cancel_units'; units: readonly LineUnits[] }
  /** Units that go to another order, with their share of everything. */
  | { kind: 'give_units'; units: readonly LineUnits[]; to: Id<'order'> }
  /** All of another order's rows, as they are there. */
  | { kind: 'take_rows'; rows: Rows; from: Id<'order'> }
