import { formatMoney, moneyErrors, parseCurrency, parseMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { type Offer, offerFor } from './quotes.ts'
import type { Quoted, Quotes } from './schemas.ts'

/** The methods that a cart of this subtotal and weight could be sent by, told for everyone. */
export async function quoteShipping(ctx: Context, input: Quotes): Promise<Quoted> {
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const subtotal_amount = parseMoney(input.subtotal ?? 0, currency, 'subtotal')
  if (subtotal_amount < 0) {
    throw moneyErrors.invalid_amount({ field: 'subtotal', problem: 'it is negative' })
  }
  const { country = null, region, postal_code, weight_grams = 0 } = input
  const { options, unfit, reason } = await offerFor(ctx, {
    country,
    region,
    postal_code,
    currency,
    subtotal_amount,
    weight_grams,
  })
  return {
    currency,
    options: options.map((option) => ({
      ...option,
      amount: formatMoney(option.amount, currency),
    })),
    not_offered: unfit.map(({ code, name }) => ({ code, name, reason: 'no_rate_for_cart' })),
    reason,
    explanation: reason && EXPLANATIONS[reason],
  }
}

const EXPLANATIONS: Record<NonNullable<Offer['reason']>, string> = {
  no_method_in_currency: 'No shipping method has prices in this currency.',
  not_delivered_there: 'No shipping method goes to this destination.',
  no_rate_for_cart: 'No shipping method has a rate for this weight and subtotal.',
}
