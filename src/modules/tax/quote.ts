import { formatMoney, moneyErrors, parseCurrency, parseMoney } from '#kit/money'
import { priced } from '#modules/pricing'
import type { Context } from '#platform/context'
import { formatRate } from './rate-text.ts'
import { STANDARD, taxRatesFor } from './rates-for.ts'
import type { Quote, Quoted } from './schemas.ts'

/** What tax an amount would carry, computed as an order of one line would be. */
export async function quoteTax(ctx: Context, input: Quote): Promise<Quoted> {
  const { prices_include_tax, tax_rounding } = ctx.settings
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const unit_amount = parseMoney(input.amount, currency)
  if (unit_amount < 0) {
    throw moneyErrors.invalid_amount({ field: 'amount', problem: 'it is negative' })
  }
  const { country, region, postal_code, tax_class = STANDARD } = input
  const destination = country === undefined ? null : { country, region, postal_code }
  const rates = await taxRatesFor(ctx, { destination, classes: [tax_class] })
  const taxes = rates.get(tax_class) ?? []
  const answer = priced({
    lines: [{ key: 'quoted', quantity: 1, unit_amount, taxes }],
    shipping: null,
    discounts: [],
    prices_include_tax,
    tax_rounding,
  })
  const money = (amount: number) => formatMoney(amount, currency)
  return {
    currency,
    amount: money(unit_amount),
    prices_include_tax,
    net: money(answer.total_amount - answer.tax_amount),
    tax: money(answer.tax_amount),
    gross: money(answer.total_amount),
    taxes: answer.taxes.map(({ name, jurisdiction, rate_ppm, reason, taxable_amount, amount }) => ({
      name,
      jurisdiction,
      rate: formatRate(rate_ppm),
      reason,
      taxable: money(taxable_amount),
      amount: money(amount),
    })),
  }
}
