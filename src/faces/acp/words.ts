import { formatMoney } from '#kit/money'
import type { SessionLine, Totals } from '#modules/agentic'

/** One amount of a list of totals, before a version prints it. */
export type TotalEntry = {
  type:
    | 'items_base_amount'
    | 'items_discount'
    | 'subtotal'
    | 'discount'
    | 'fulfillment'
    | 'tax'
    | 'total'
  display_text: string
  amount: number
  description?: string
  breakdown?: { jurisdiction: string; rate: number; amount: number }[]
}

const entry = (type: TotalEntry['type'], display_text: string, amount: number): TotalEntry => ({
  type,
  display_text,
  amount,
})

/** All totals of a session. They add up: see `Totals`. */
export function totalsOf(totals: Totals, currency: string): TotalEntry[] {
  return [
    entry('items_base_amount', 'Items', totals.items_base),
    ...some(entry('items_discount', 'Discount on items', totals.items_discount)),
    entry('subtotal', 'Subtotal', totals.subtotal),
    ...some(entry('discount', 'Discount on shipping', totals.discount)),
    entry('fulfillment', 'Shipping', totals.fulfillment),
    taxOf(totals, currency),
    entry('total', 'Total', totals.total),
  ]
}

/** What discounts take off is listed where there is something. */
const some = (one: TotalEntry): TotalEntry[] => (one.amount > 0 ? [one] : [])

function taxOf({ tax, added_tax, tax_included, taxes }: Totals, currency: string): TotalEntry {
  const entered = entry('tax', 'Tax', added_tax)
  if (tax_included) {
    // Nothing is added, or the list would not add up.
    return { ...entered, description: `The prices contain ${formatMoney(tax, currency)} of tax.` }
  }
  const breakdown = taxes.map(({ jurisdiction, rate_ppm, amount }) => ({
    jurisdiction,
    rate: rate_ppm / 1_000_000,
    amount,
  }))
  return breakdown.length > 0 ? { ...entered, breakdown } : entered
}

/** The totals of one line. */
export function lineTotals(line: SessionLine): TotalEntry[] {
  return [
    entry('items_base_amount', 'Base amount', line.base_amount),
    ...some(entry('items_discount', 'Discount', line.discount_amount)),
    entry('subtotal', 'Subtotal', line.subtotal_amount),
    entry('tax', 'Tax', line.total_amount - line.subtotal_amount),
    entry('total', 'Total', line.total_amount),
  ]
}

/** The total of a way of fulfilment. */
export const optionTotals = (amount: number): TotalEntry[] => [entry('total', 'Shipping', amount)]

/** What is there: members that are null or undefined are left out, as every schema wants it. */
export function whole<T extends object>(members: T): { [K in keyof T]: NonNullable<T[K]> } {
  const known: Record<string, unknown> = {}
  for (const name in members) {
    const value = members[name]
    if (value !== null && value !== undefined) known[name] = value
  }
  return known as { [K in keyof T]: NonNullable<T[K]> }
}

const URI = /^https?:\/\/\S+$/

/** The images of a line; only whole addresses are any. */
export const imagesOf = ({ image_url }: SessionLine) =>
  image_url && URI.test(image_url) ? { images: [image_url] } : {}
