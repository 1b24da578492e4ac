import type { Module } from '#platform/module'
import { finishErasure } from './erasure-job.ts'
import { customerErrors } from './errors.ts'
import { customerEvents, customerGroupEvents } from './events.ts'
import { customerInvariants } from './invariants.ts'
import { customerLifecycle } from './lifecycle.ts'
import { migrations } from './migrations.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

// What other modules may use.
export { addressProblems, checkAddress, type PartNames } from './address-check.ts'
export { addressLabel } from './address-label.ts'
export { createCustomer } from './commands/create-customer.ts'
export { type CustomerContact, contactsOf } from './contacts.ts'
export { countryCode } from './countries.ts'
export { customerErrors } from './errors.ts'
export { customerEvents, customerGroupEvents } from './events.ts'
export { findCustomer, findCustomerByEmail, getCustomer, type StoredCustomer } from './find.ts'
export { groupsOfCustomer } from './groups.ts'
export { type PersonalData, personalData } from './personal-data.ts'
export { placesOfCustomers } from './places.ts'
export {
  type PostalAddress,
  postalAddress,
  type SentAddress,
  type StreetAddress,
  streetAddress,
} from './postal-address.ts'
export { Address, Customer } from './schemas.ts'
export { type KnownVariants, knownVariants, type WishedVariant } from './variants.ts'

// What this module adds to the house.
export const customers: Module = {
  name: 'customers',
  tables: db.tables,
  migrations,
  lifecycles: [customerLifecycle],
  errors: [customerErrors],
  events: [customerEvents, customerGroupEvents],
  jobs: [finishErasure],
  reactions,
  invariants: customerInvariants,
  operations,
}
