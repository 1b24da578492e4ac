import { deliveryOperations } from './delivery-operations.ts'
import { endpointOperations } from './endpoint-operations.ts'

// The paths with a word in the place of an id come before those with an id.
export const operations = [...deliveryOperations, ...endpointOperations]
