import { addressOperations } from './address-operations.ts'
import { consentOperations } from './consent-operations.ts'
import { countryOperations } from './country-operations.ts'
import { customerOperations } from './customer-operations.ts'
import { groupOperations } from './group-operations.ts'
import { personOperations } from './person-operations.ts'
import { wishlistOperations } from './wishlist-operations.ts'

export const operations = [
  ...customerOperations,
  ...addressOperations,
  ...consentOperations,
  ...groupOperations,
  ...wishlistOperations,
  ...personOperations,
  ...countryOperations,
]
