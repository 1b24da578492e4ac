import { addressLabel, postalAddress } from '#modules/customers'
import type { ShipAddress } from '#modules/shipments'

/** An address as its post wants it on a label; with its country if the other one is abroad. */
export const addressLines = (address: ShipAddress, other?: ShipAddress): string[] =>
  addressLabel(postalAddress(address), other && (postalAddress(other).country_code ?? undefined))

/** Grams as people read them. */
export const weightText = (grams: number): string =>
  grams < 1000 ? `${grams} g` : `${(grams / 1000).toFixed(2)} kg`
