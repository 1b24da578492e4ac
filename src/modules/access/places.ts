import type { RawBuilder } from 'kysely'
import type { Id } from '#kit/ids'
import { definePort } from '#platform/ports'

export type Place = { city?: string | undefined; country?: string | undefined }

/** Where users live is known to the customers module, which stands above. */
export type CustomerPlaces = {
  /**
   * The ids of customers with one address in this city (whole, any case) and country (two letters
   * or an English name), for `where … in`.
   */
  customersAt(place: Place): RawBuilder<Id<'customer'>>
}

export const customerPlaces = definePort<CustomerPlaces>('customerPlaces')
