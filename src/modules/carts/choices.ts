import { countryCode } from '#modules/customers'
import { invalidField } from '#platform/operations'
import type { StoredCart } from './find.ts'
import type { Destination } from './tables.ts'

/** What a buyer decides about a cart beside its lines. */
export type Choices = {
  /** Where it shall go; null while nobody knows. */
  destination: Destination | null
  /** The code or id of a shipping method; null while none is chosen. */
  shipping: string | null
  codes: readonly string[]
}

/** What the cart itself says, unless something else is tried out. */
export function choicesOf({ cart, coupons }: StoredCart, tried: Partial<Choices>): Choices {
  return {
    destination: tried.destination === undefined ? cart.destination : tried.destination,
    shipping: tried.shipping === undefined ? cart.shipping_method : tried.shipping,
    codes: tried.codes ?? coupons.map(({ code }) => code),
  }
}

type Named = { method_id: string; code: string }

/** The method that a code (in any case) or an id names. */
export function methodAmong<Q extends Named>(
  quotes: readonly Q[],
  method: string | null,
): Q | undefined {
  if (method === null) return undefined
  const wanted = method.toLowerCase()
  return quotes.find(({ code, method_id }) => code.toLowerCase() === wanted || method_id === wanted)
}

/** A destination as tax and shipping ask for it. */
export const placeOf = (destination: Destination | null) =>
  destination && {
    country: destination.country_code.toUpperCase(),
    ...(destination.province && { region: destination.province }),
    ...(destination.postal_code && { postal_code: destination.postal_code }),
  }

/** An address with its country in capitals; `at` begins the name of its members in refusals. */
export function tidied<A extends Destination>(address: A, at = ''): A {
  const country_code = countryCode(address.country_code)
  if (!country_code) throw invalidField(`${at}country_code`, 'is no country of ISO 3166-1')
  return { ...address, country_code }
}
