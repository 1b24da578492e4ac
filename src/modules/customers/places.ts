import type { CustomerPlaces } from '#modules/access'
import { countryCode } from './countries.ts'
import { customersAt } from './queries.ts'

/** Where users live, for the list of users below. A country that there is not has nobody. */
export const placesOfCustomers: CustomerPlaces = {
  customersAt: ({ city, country }) =>
    customersAt({
      city,
      country_code: country === undefined ? undefined : (countryCode(country) ?? ''),
    }),
}
