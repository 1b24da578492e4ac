import type { Module } from '#platform/module'
import { taxErrors } from './errors.ts'
import { taxClassEvents, taxRateEvents } from './events.ts'
import { taxInvariants } from './invariants.ts'
import { createTax } from './migrations/2026-11-21-10-create-tax.ts'
import { operations } from './operations.ts'
import { rememberedRates } from './rates-for.ts'
import { db } from './tables.ts'

// What other modules may use.
export { requireTaxClass } from './classes.ts'
export { taxErrors } from './errors.ts'
export { isDefaultRate, ownRateFirst } from './own-rate.ts'
export { type Area, areaContains, areaOf, type GivenPlace, type Place, placeOf } from './places.ts'
export { formatRate, parseRate } from './rate-text.ts'
export { GIFT_CARD, STANDARD, type TaxQuestion, taxRatesFor } from './rates-for.ts'
export { CountryInput, PostalPrefixInput, RegionInput, TaxClassCode } from './schemas.ts'

// What this module adds to the house.
export const tax: Module = {
  name: 'tax',
  tables: db.tables,
  migrations: { '2026-11-21-10-create-tax': createTax },
  errors: [taxErrors],
  events: [taxClassEvents, taxRateEvents],
  invariants: taxInvariants,
  remembers: [rememberedRates],
  operations,
}
