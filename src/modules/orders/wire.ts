import type { Static } from 'typebox'
import { formatMoney } from '#kit/money'
import { isCustom } from '#modules/catalogue'
import type { GiftCardRecipient } from '#modules/credit'
import { type Marks, NO_MARKS } from './desk/marks.ts'
import { printOrderNumber } from './find.ts'
import type { DiscountRow, FeeRow, TaxRow } from './frozen.ts'
import { NO_RECIPIENTS, type Recipients } from './gift-cards/recipients.ts'
import type { Order, OrderItem } from './schemas.ts'
import type { db } from './tables.ts'

type OrderRow = Static<(typeof db.tables)['orders']>
export type LineRow = Static<(typeof db.tables)['order_lines']>

/** Where the money of an order comes from; empty for one of which only the total is known. */
export type MoneyRows = {
  discounts: readonly DiscountRow[]
  taxes: readonly TaxRow[]
  fees: readonly FeeRow[]
}
type Told = MoneyRows & Marks & { recipients: Recipients }
const NO_ROWS: Told = {
  discounts: [],
  taxes: [],
  fees: [],
  ...NO_MARKS,
  recipients: NO_RECIPIENTS,
}

/** An order as it is answered. */
export function orderOf(row: OrderRow, lines: readonly LineRow[], told: Partial<Told> = {}): Order {
  const { currency } = row
  const money = { ...NO_ROWS, ...told }
  return {
    id: row.id,
    order_number: printOrderNumber(row.number),
    customer_id: row.customer_id,
    status: row.status,
    status_reason: row.status_reason,
    payment_status: row.payment_status,
    fulfillment_status: row.fulfillment_status,
    return_status: row.return_status,
    order_date: row.placed_at,
    email: row.email,
    subtotal: formatMoney(row.subtotal_amount ?? row.total_amount, currency),
    discount_total: formatMoney(row.discount_amount, currency),
    shipping_total: formatMoney(row.shipping_amount, currency),
    tax_total: formatMoney(row.tax_amount, currency),
    total_amount: formatMoney(row.total_amount, currency),
    cancelled_amount: formatMoney(row.cancelled_amount, currency),
    currency,
    prices_include_tax: row.prices_include_tax,
    tax_status: row.tax_status,
    items: lines
      .filter(isOrdered)
      .map((line) => itemOf(line, currency, money.recipients.get(line.id))),
    discounts: money.discounts.map((discount) => discountOf(discount, currency)),
    taxes: summaryOf(money.taxes, currency),
    shipping: shippingOf(money.fees, currency),
    shipping_address: row.shipping_address,
    billing_address: row.billing_address,
    payment_method_id: row.payment_method_id,
    notes: row.notes,
    tags: money.tags,
    attributes: money.attributes,
    holds: money.holds,
    is_archived: row.archived_at !== null,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

/** Not one that was taken out again: it stays only for what refers to it. */
export const isOrdered = ({ quantity }: Pick<LineRow, 'quantity'>): boolean => quantity > 0

/** A line as it is answered. */
export const itemOf = (
  line: LineRow,
  currency: string,
  recipient: GiftCardRecipient | null = null,
): OrderItem => ({
  id: line.id,
  product_id: line.variant_id,
  is_custom: isCustom(line),
  product_name: line.name,
  sku: line.sku,
  quantity: line.quantity,
  cancelled_quantity: line.cancelled_quantity,
  fulfilled_quantity: line.fulfilled_quantity,
  returned_quantity: line.returned_quantity,
  unit_price: formatMoney(line.unit_amount, currency),
  total_price: formatMoney(line.total_amount, currency),
  discount: formatMoney(line.discount_amount, currency),
  tax_rate: line.tax_rate,
  tax_amount: line.tax_amount === null ? null : formatMoney(line.tax_amount, currency),
  gross_price: formatMoney(paidForLine(line), currency),
  image_url: line.image_url,
  gift_card_recipient: recipient,
})

/** What the buyer pays for a line: after discounts, with tax; minor units. */
export const paidForLine = (
  line: Pick<LineRow, 'gross_amount' | 'total_amount' | 'discount_amount'>,
): number => line.gross_amount ?? line.total_amount - line.discount_amount

const discountOf = (
  { code, label, explanation, amount }: DiscountRow,
  currency: string,
): Order['discounts'][number] => ({
  code,
  label,
  amount: formatMoney(amount, currency),
  explanation,
})

/** One row for each tax over all lines and fees, in the order of their names. */
function summaryOf(rows: readonly TaxRow[], currency: string): Order['taxes'] {
  const byTax = Map.groupBy(rows, ({ jurisdiction, name, rate_ppm, reason }) =>
    JSON.stringify([jurisdiction, name, rate_ppm, reason]),
  )
  return [...byTax]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, same]) => {
      const { name, jurisdiction, rate_ppm, reason } = same[0] as TaxRow
      const sum = (member: 'amount' | 'taxable_amount') =>
        formatMoney(
          same.reduce((total, tax) => total + tax[member], 0),
          currency,
        )
      return {
        name,
        jurisdiction,
        rate: String(rate_ppm / 1_000_000),
        reason,
        taxable_amount: sum('taxable_amount'),
        amount: sum('amount'),
      }
    })
}

function shippingOf(fees: readonly FeeRow[], currency: string): Order['shipping'] {
  const fee = fees.find(({ kind }) => kind === 'shipping')
  if (!fee) return null
  return {
    method: fee.code,
    name: fee.name,
    amount: formatMoney(fee.base_amount, currency),
    discount: formatMoney(fee.discount_amount, currency),
    tax_amount: formatMoney(fee.tax_amount, currency),
    gross_amount: formatMoney(fee.gross_amount, currency),
  }
}
