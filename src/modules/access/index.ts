import type { Module } from '#platform/module'
import { accessErrors } from './errors.ts'
import { apiKeyEvents, roleEvents, sessionEvents, userEvents } from './events.ts'
import { accessInvariants } from './invariants.ts'
import { userLifecycle } from './lifecycle.ts'
import { createAccess } from './migrations/2026-11-21-02-create-access.ts'
import { findUsers } from './migrations/2026-11-21-30-find-users.ts'
import { operations } from './operations.ts'
import { accessPurges } from './schedules.ts'
import { db } from './tables.ts'

// What other modules, the faces and the composition may use.
export { anonymous, authenticate } from './authenticate.ts'
export { moveUserById } from './commands/change-user-status.ts'
export { createUser } from './commands/create-user.ts'
export {
  ensureFirstAdministrator,
  type FirstAdministrator,
} from './commands/ensure-first-administrator.ts'
export { logIn, proveLogin } from './commands/log-in.ts'
export { apiKeyIdOf, apiKeyOf } from './credentials.ts'
export { proveOwnPassword } from './current-password.ts'
export {
  customerLinks,
  isOnlyCustomer,
  linkCustomer,
  profileOf,
  unlinkCustomer,
  writeProfileById,
} from './customer-logins.ts'
export { erasedEmail, eraseLogins, loginsOf, PERSONAL } from './erasure.ts'
export { accessErrors } from './errors.ts'
export { userEvents } from './events.ts'
export { checkPassword } from './password-policy.ts'
export { hashPassword } from './passwords.ts'
export { type CustomerPlaces, customerPlaces } from './places.ts'
export { wireUser } from './queries.ts'
export {
  Email,
  LogIn,
  NewPassword,
  normalEmail,
  Phone,
  RoleName,
  TokenPair,
  User,
} from './schemas.ts'
export { checkRolesToGive } from './user-roles.ts'

// What this module adds to the house.
export const access: Module = {
  name: 'access',
  tables: db.tables,
  migrations: {
    '2026-11-21-02-create-access': createAccess,
    '2026-11-21-30-find-users': findUsers,
  },
  lifecycles: [userLifecycle],
  errors: [accessErrors],
  events: [userEvents, sessionEvents, apiKeyEvents, roleEvents],
  invariants: accessInvariants,
  schedules: accessPurges,
  operations,
}
