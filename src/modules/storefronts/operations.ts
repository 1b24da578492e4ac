import { externalIdOperations } from './external-ids/operations.ts'

export const operations = [...externalIdOperations]
