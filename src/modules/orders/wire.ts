import type { Static } from 'typebox'
import { formatMoney } from '#kit/money'
import { printOrderNumber } from './find.ts'
import type { Order, OrderItem } from './schemas.ts'
import type { db } from './tables.ts'

type OrderRow = Static<(typeof db.tables)['orders']>
export type LineRow = Static<(typeof db.tables)['order_lines']>

/** An order as it is answered. */
export function orderOf(row: OrderRow, lines: readonly LineRow[]): Order {
  return {
    id: row.id,
    order_number: printOrderNumber(row.number),
    customer_id: row.customer_id,
    status: row.status,
    status_reason: row.status_reason,
    payment_status: row.payment_status,
    fulfillment_status: row.fulfillment_status,
    order_date: row.placed_at,
    total_amount: formatMoney(row.total_amount, row.currency),
    currency: row.currency,
    items: lines.map((line) => itemOf(line, row.currency)),
    shipping_address: row.shipping_address,
    billing_address: row.billing_address,
    payment_method_id: row.payment_method_id,
    notes: row.notes,
    is_archived: row.archived_at !== null,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

/** A line as it is answered. */
export const itemOf = (line: LineRow, currency: string): OrderItem => ({
  id: line.id,
  product_id: line.variant_id,
  product_name: line.name,
  sku: line.sku,
  quantity: line.quantity,
  unit_price: formatMoney(line.unit_amount, currency),
  total_price: formatMoney(line.total_amount, currency),
  discount: formatMoney(0, currency),
  tax_rate: line.tax_rate,
  tax_amount: line.tax_amount === null ? null : formatMoney(line.tax_amount, currency),
})
