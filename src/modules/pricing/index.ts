import type { Module } from '#platform/module'
import { pricingErrors } from './errors.ts'

// What other modules may use. All of it is pure.
export { pricingErrors } from './errors.ts'
export { priced } from './priced.ts'
export { amountOfUnits, portion, shareOut } from './shares.ts'
export {
  type AppliedDiscount,
  type Discount,
  type Priced,
  type PricedLine,
  type PricedPart,
  type PricedTax,
  type PricingInput,
  type PricingLine,
  type RefusedDiscount,
  TAX_REASONS,
  type TaxRate,
  type TaxReason,
  type TaxRounding,
} from './types.ts'

// What this module adds to the house: no tables, no operations.
export const pricing: Module = {
  name: 'pricing',
  tables: {},
  migrations: {},
  errors: [pricingErrors],
  operations: [],
}
