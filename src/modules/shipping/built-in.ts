import { currencyExponent } from '#kit/money'
import { STANDARD } from '#modules/tax'
import type { ShippingQuote } from './quotes.ts'

/** Whole units of any currency (operations API, endpoints/carts and endpoints/checkout). */
const BUILT_IN = [
  { code: 'standard', name: 'Standard', price: 10, free_from: 50, days: 5 },
  { code: 'express', name: 'Express', price: 25, free_from: undefined, days: 2 },
  { code: 'overnight', name: 'Overnight', price: 50, free_from: undefined, days: 1 },
] as const

/** What is offered, everywhere and at any weight, while no method was ever made. */
export function builtInQuotes(currency: string, subtotal_amount: number): ShippingQuote[] {
  const unit = 10 ** currencyExponent(currency)
  return BUILT_IN.map(({ code, name, price, free_from = Number.POSITIVE_INFINITY, days }) => ({
    method_id: code,
    code,
    name,
    amount: subtotal_amount >= free_from * unit ? 0 : price * unit,
    estimated_days_min: days,
    estimated_days_max: days,
    tax_class: STANDARD,
  }))
}
