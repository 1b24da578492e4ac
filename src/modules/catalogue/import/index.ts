export { errorsDoor } from './door.ts'
export { importChecks } from './invariants.ts'
export { productImports } from './kind.ts'
export { importOperations } from './operations.ts'
