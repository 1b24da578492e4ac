import type { DemoCurrency, DemoPrices } from './types.ts'

/** A shop's own price list, not an exchange rate: it follows the rates of a year, tax left out. */
const PER_US_DOLLAR: DemoPrices = { USD: 1, EUR: 0.92, GBP: 0.8 }

/** The price in every currency, each rounded to a figure that a shop would print. */
export function pricesOf(usd_amount: number): DemoPrices {
  const priceIn = (currency: DemoCurrency) => roundPrice(usd_amount * PER_US_DOLLAR[currency])
  return { USD: priceIn('USD'), EUR: priceIn('EUR'), GBP: priceIn('GBP') }
}

/** The same figure in every currency, as a gift card has it. */
export function faceValueOf(amount: number): DemoPrices {
  return { USD: amount, EUR: amount, GBP: amount }
}

/** The former price of something now on sale: higher in every currency, by about that factor. */
export function formerPricesOf(prices: DemoPrices, factor: number): DemoPrices {
  const former = (amount: number) => roundPrice(amount * factor + stepAt(amount) / 2)
  return { USD: former(prices.USD), EUR: former(prices.EUR), GBP: former(prices.GBP) }
}

/** A figure that a shop would print. */
export function roundPrice(amount: number): number {
  const step = stepAt(amount)
  return Math.max(step, Math.round(amount / step) * step)
}

/** Half a unit up to twenty, a whole one up to a hundred, five above. */
function stepAt(amount: number): number {
  if (amount < 2000) return 50
  return amount < 10000 ? 100 : 500
}
