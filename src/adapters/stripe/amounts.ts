import { exponentOf } from '#kit/currencies'

/**
 * Currencies in which Stripe counts other units than ISO 4217 (Stripe's «Supported currencies»):
 * no cents where ISO has them, or cents that are always 00 for the sake of old integrations.
 */
const OTHER_EXPONENT: Record<string, number> = { MGA: 0, ISK: 2, UGX: 2 }
/** Units in which nothing smaller than ten can be charged: the last digit must be 0. */
const TENS = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])

/** An amount that Stripe cannot move in this currency; the sentence says why. */
export class Unpayable extends Error {
  override name = 'Unpayable'
}

/** Minor units of ISO 4217 as Stripe counts them. Throws `Unpayable`. */
export function toStripe(minor: number, currency: string): number {
  const digits = extraDigits(currency)
  const amount = digits >= 0 ? minor * 10 ** digits : minor / 10 ** -digits
  if (!Number.isSafeInteger(amount)) {
    throw new Unpayable(`Stripe takes only whole units of ${currency}.`)
  }
  if (TENS.has(currency) && amount % 10 !== 0) {
    throw new Unpayable(`The last digit of an amount of ${currency} must be 0 at Stripe.`)
  }
  return amount
}

/** What Stripe counts, in minor units of ISO 4217; `currency` as Stripe writes it. */
export function fromStripe(amount: number, currency: string): number {
  const digits = extraDigits(currency.toUpperCase())
  return digits >= 0 ? Math.round(amount / 10 ** digits) : amount * 10 ** -digits
}

/** How many digits Stripe's amounts have more than ours. */
function extraDigits(currency: string): number {
  const iso = exponentOf(currency)
  if (iso === undefined || iso > 3) throw new Unpayable(`Stripe takes no ${currency}.`)
  return (OTHER_EXPONENT[currency] ?? iso) - iso
}
