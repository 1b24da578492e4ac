import { countOperations } from './counts/operations.ts'
import { lotOperations } from './lots/operations.ts'
import { placeOperations } from './places/operations.ts'
import { recallOperations } from './recalls/operations.ts'
import { serialOperations } from './serials/operations.ts'
import { trackingOperations } from './tracking/operations.ts'

export const operations = [
  ...trackingOperations,
  ...placeOperations,
  ...lotOperations,
  ...serialOperations,
  ...recallOperations,
  ...countOperations,
]
