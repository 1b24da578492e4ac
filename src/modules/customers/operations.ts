import { addressOperations } from './address-operations.ts'
import { customerOperations } from './customer-operations.ts'

export const operations = [...customerOperations, ...addressOperations]
