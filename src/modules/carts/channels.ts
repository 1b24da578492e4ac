import { currencyExponent } from '#kit/money'
import { portion, type TaxRate } from '#modules/pricing'
import type { ShippingQuote } from '#modules/shipping'
import { parseRate, STANDARD } from '#modules/tax'
import type { Settings } from '#platform/config/settings'
import type { Channel } from './channel-names.ts'

/** What stands in place of tax rates and shipping methods: one rate on goods, one flat price. */
export type ChannelProfile = {
  taxes: readonly TaxRate[]
  /** Of a parcel: none, and that is said. */
  shippingTaxes: readonly TaxRate[]
  /** Null where nothing is ever asked about parcels. */
  shippingIn: ((currency: string) => ShippingQuote) | null
  /** Whether promotions and codes count there. */
  promotions: boolean
}

/**
 * The profile of a channel; undefined for the house's own carts. The shop face has 10 % and 15.00
 * flat, as its document shows, unless the settings say otherwise; the e-commerce face knows neither
 * tax nor shipping nor promotions, so that its total is its subtotal.
 */
export function channelProfile(
  settings: Settings,
  channel: Channel | null,
): ChannelProfile | undefined {
  if (channel === null) return undefined
  const shippingTaxes = taxOf(0)
  if (channel === 'ecommerce') {
    return { taxes: taxOf(0), shippingTaxes, shippingIn: null, promotions: false }
  }
  const { shop_tax_rate, shop_shipping_amount } = settings
  return {
    taxes: taxOf(parseRate(shop_tax_rate)),
    shippingTaxes,
    shippingIn: (currency) => ({ ...FLAT, amount: flatAmount(shop_shipping_amount, currency) }),
    promotions: true,
  }
}

const taxOf = (rate_ppm: number): readonly TaxRate[] => [
  { name: 'Tax', jurisdiction: 'default', rate_ppm, reason: 'default' },
]

const FLAT = {
  method_id: 'flat',
  code: 'flat',
  name: 'Flat rate',
  estimated_days_min: 5,
  estimated_days_max: 5,
  tax_class: STANDARD,
}

/** Finer than any currency, so that the setting is read exactly and rounded once, half up. */
const DECIMALS = 4

function flatAmount(decimal: string, currency: string): number {
  const [whole = '0', fraction = ''] = decimal.split('.')
  const exact = Number(whole + fraction.padEnd(DECIMALS, '0').slice(0, DECIMALS))
  return portion(exact, 10 ** currencyExponent(currency), 10 ** DECIMALS)
}
