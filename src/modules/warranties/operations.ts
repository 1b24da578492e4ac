import { claimOperations } from './claims/operations.ts'
import { coverageOperations } from './coverage/operations.ts'
import { planOperations } from './plans/operations.ts'
import { statisticsOperations } from './statistics.ts'

export const operations = [
  ...coverageOperations,
  ...claimOperations,
  ...planOperations,
  ...statisticsOperations,
]
