import { authOperations } from './auth-operations.ts'
import { roleOperations } from './role-operations.ts'
import { totpOperations } from './totp-operations.ts'
import { userOperations } from './user-operations.ts'

export const operations = [
  ...authOperations,
  ...totpOperations,
  ...userOperations,
  ...roleOperations,
]
