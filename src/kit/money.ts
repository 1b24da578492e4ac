import { Type } from 'typebox'
import { exponentOf } from '#kit/currencies'
import { defineErrors } from '#kit/errors'

export const moneyErrors = defineErrors({
  unknown_currency: {
    code: 'CURRENCY_UNKNOWN',
    status: 400,
    message: '{currency} is not an ISO 4217 currency code.',
  },
  invalid_amount: {
    code: 'AMOUNT_INVALID',
    status: 400,
    message: '{field} must be an amount such as "19.99": {problem}.',
  },
  too_large: {
    code: 'AMOUNT_TOO_LARGE',
    status: 400,
    message: '{field} is larger than any amount of {currency} this system keeps.',
  },
})

/** No amount may exceed 10^13 minor units, so that sums and shares stay exact integers. */
export const AMOUNT_MAX = 10_000_000_000_000

/** Whole minor units (cents) in code and tables. Never a float, never without its currency. */
export const Amount = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** Minor units that may be negative: balances, differences. */
export const SignedAmount = Type.Integer()
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', examples: ['USD'] })
/** A currency in a request: any case. */
export const CurrencyInput = Type.String({ pattern: '^[A-Za-z]{3}$', examples: ['USD'] })
/** Money in an answer: a decimal string with exactly the currency's digits. */
export const Money = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$', examples: ['19.99'] })
/** Money in a request: a decimal string or a JSON number. */
export const MoneyInput = Type.Union(
  [Type.String({ minLength: 1, maxLength: 40, examples: ['19.99'] }), Type.Number()],
  { description: "Decimal string or number, with no more decimals than the currency's." },
)

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,15}))?$/

/** Minor-unit digits of a currency; refuses a code that ISO 4217 does not know. */
export function currencyExponent(currency: string): number {
  const exponent = exponentOf(currency)
  if (exponent === undefined) throw moneyErrors.unknown_currency({ currency })
  return exponent
}

/** The upper-case code, if there is such a currency. */
export function parseCurrency(text: string): string {
  const currency = text.toUpperCase()
  currencyExponent(currency)
  return currency
}

/**
 * Minor units of a decimal amount: `parseMoney('19.99', 'EUR')` is 1999. Zeros beyond the
 * currency's digits are harmless; any other digit there is refused, never rounded.
 */
export function parseMoney(value: string | number, currency: string, field = 'amount'): number {
  const exponent = currencyExponent(currency)
  const parts = DECIMAL.exec(String(value).trim())
  if (!parts) throw moneyErrors.invalid_amount({ field, problem: 'it is not a decimal number' })
  const [, sign, whole = '', fraction = ''] = parts
  if (/[^0]/.test(fraction.slice(exponent))) {
    const problem = `${currency} has ${exponent} decimals`
    throw moneyErrors.invalid_amount({ field, problem, currency })
  }
  const minor = Number(whole + fraction.slice(0, exponent).padEnd(exponent, '0'))
  if (minor > AMOUNT_MAX) throw moneyErrors.too_large({ field, currency })
  return sign && minor !== 0 ? -minor : minor
}

/** The decimal string of minor units: 1999 EUR is "19.99", 500 JPY is "500". */
export function formatMoney(minor: number, currency: string): string {
  const exponent = currencyExponent(currency)
  if (exponent === 0) return String(minor)
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0')
  const cut = digits.length - exponent
  return `${minor < 0 ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`
}

/**
 * Splits `total` minor units by `weights` so that the parts always sum to it: largest remainder
 * (Hamilton's method), ties to the earlier part. All weights zero: equal shares.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return []
  const sum = weights.reduce((a, b) => a + b, 0)
  const shares = sum === 0 ? weights.map(() => 1) : weights
  const whole = BigInt(sum === 0 ? weights.length : sum)
  const sign = total < 0 ? -1 : 1
  const amount = BigInt(Math.abs(total))
  const parts = shares.map((weight, index) => {
    const exact = amount * BigInt(weight)
    return { index, part: Number(exact / whole), rest: exact % whole }
  })
  let left = Math.abs(total) - parts.reduce((taken, { part }) => taken + part, 0)
  const byRest = parts.toSorted((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1,
  )
  for (const share of byRest) {
    if (left === 0) break
    share.part++
    left--
  }
  return parts.map(({ part }) => part * sign)
}
