import { formatMoney } from '#kit/money'
import { isCustom } from '#modules/catalogue'
import { recipientOf } from '#modules/credit'
import type { PricedPart } from '#modules/pricing'
import { printDraftNumber, type StoredDraft } from './find.ts'
import type { PricedDraft } from './pricing.ts'
import type { Draft, DraftEntry } from './schemas.ts'
import type { DraftLineRow, DraftRow, Offer, Reduction } from './tables.ts'

/** A draft in a list. */
export const entryOf = (row: DraftRow): DraftEntry => ({
  id: row.id,
  draft_number: printDraftNumber(row.number),
  customer_id: row.customer_id,
  status: row.status,
  currency: row.currency,
  email: row.email,
  expires_at: row.expires_at,
  sent_at: row.sent_at,
  order_id: row.order_id,
  placed_by: row.placed_by,
  created_by: row.created_by,
  version: row.version,
  created_at: row.created_at,
  updated_at: row.updated_at,
})

/** A draft with what it comes to. */
export function draftOf({ draft, lines }: StoredDraft, offer: Offer | PricedDraft): Draft {
  return {
    ...entryOf(draft),
    ...totalsOf(draft.currency, lines, offer),
    discount: reductionOf(draft.discount, draft.currency),
    problems: 'problems' in offer ? offer.problems : [],
    shipping_address: draft.shipping_address,
    billing_address: draft.billing_address,
    note: draft.note,
    staff_note: draft.staff_note,
    reserve_stock: draft.reserves,
  }
}

/** The money of a draft as it is answered, to staff and to the buyer. */
export function totalsOf(currency: string, rows: readonly DraftLineRow[], offer: Offer) {
  const { priced, shipping, lines, prices_include_tax } = offer
  const money = (amount: number) => formatMoney(amount, currency)
  const named = new Map(lines.map((line) => [line.key, line]))
  const known = new Map(rows.map((row) => [row.id as string, row]))
  return {
    lines: priced.lines.map(({ key, quantity, unit_amount, ...part }) => {
      const line = named.get(key)
      const row = known.get(key)
      if (!line || !row) throw new Error(`the priced line ${key} is none of the draft's`)
      return {
        id: row.id,
        product_id: line.variant_id,
        is_custom: isCustom(line),
        sku: line.sku,
        product_name: line.name,
        quantity,
        unit_price: money(unit_amount),
        is_custom_price: row.unit_amount !== null,
        discount: reductionOf(row.discount, currency),
        gift_card_recipient: recipientOf(row),
        total_price: money(part.base_amount),
        discount_amount: money(part.discount_amount),
        tax_amount: money(part.tax_amount),
        gross_price: money(part.gross_amount),
      }
    }),
    shipping: shipping && priced.shipping ? shippingOf(shipping, priced.shipping, currency) : null,
    subtotal: money(priced.subtotal_amount),
    discount_total: money(priced.discount_amount),
    shipping_total: money(priced.shipping_amount),
    tax_total: money(priced.tax_amount),
    total_amount: money(priced.total_amount),
    currency,
    prices_include_tax,
  }
}

const shippingOf = (
  { code, name }: NonNullable<Offer['shipping']>,
  { base_amount, gross_amount }: PricedPart,
  currency: string,
) => ({
  method: code,
  name,
  amount: formatMoney(base_amount, currency),
  gross_amount: formatMoney(gross_amount, currency),
})

const reductionOf = (reduction: Reduction | null, currency: string) =>
  reduction && {
    label: reduction.label,
    percent: reduction.rate_ppm === null ? null : String(reduction.rate_ppm / 10_000),
    amount: reduction.amount === null ? null : formatMoney(reduction.amount, currency),
  }
