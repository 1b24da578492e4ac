import type { Module } from '#platform/module'
import { customerErrors } from './errors.ts'
import { customerEvents } from './events.ts'
import { customerInvariants } from './invariants.ts'
import { customerLifecycle } from './lifecycle.ts'
import { createCustomers } from './migrations/2026-11-21-03-create-customers.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

// What other modules may use.
export { createCustomer } from './commands/create-customer.ts'
export { customerErrors } from './errors.ts'
export { customerEvents } from './events.ts'
export { findCustomer, findCustomerByEmail, getCustomer, type StoredCustomer } from './find.ts'
export { Address, Customer } from './schemas.ts'

// What this module adds to the house.
export const customers: Module = {
  name: 'customers',
  tables: db.tables,
  migrations: { '2026-11-21-03-create-customers': createCustomers },
  lifecycles: [customerLifecycle],
  errors: [customerErrors],
  events: [customerEvents],
  reactions,
  invariants: customerInvariants,
  operations,
}
