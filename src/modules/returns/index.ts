import type { Module } from '#platform/module'
import { claimEvents } from './claims/events.ts'
import { claimInvariants } from './claims/invariants.ts'
import { claimLifecycle } from './claims/lifecycle.ts'
import { claimOperations } from './claims/operations.ts'
import { claimReactions } from './claims/resolve-claim.ts'
import { db as claims } from './claims/tables.ts'
import { deskOperations } from './desk-operations.ts'
import { returnErrors } from './errors.ts'
import { returnEvents } from './events.ts'
import { exchangeEvents } from './exchanges/events.ts'
import { exchangeInvariants } from './exchanges/invariants.ts'
import { exchangeLifecycle } from './exchanges/lifecycle.ts'
import { exchangeOperations } from './exchanges/operations.ts'
import { exchangeReactions } from './exchanges/settle-exchange.ts'
import { db as exchanges } from './exchanges/tables.ts'
import { returnInvariants } from './invariants.ts'
import { returnLifecycle } from './lifecycle.ts'
import { createReturns } from './migrations/2026-11-21-85-create-returns.ts'
import { createExchanges } from './migrations/2026-11-21-86-create-exchanges.ts'
import { createClaims } from './migrations/2026-11-21-87-create-claims.ts'
import { operations } from './operations.ts'
import { policyEvents } from './policies/events.ts'
import { db as policies } from './policies/tables.ts'
import { reasonEvents } from './reasons/events.ts'
import { db as reasons } from './reasons/tables.ts'
import { settleReactions } from './settle.ts'
import { db } from './tables.ts'

// What other modules may use.
export { approve as approveReturn, cancel as cancelReturn } from './commands/decide-return.ts'
export { openReturn } from './commands/request-return.ts'
export { returnErrors } from './errors.ts'
export { returnEvents } from './events.ts'
export { findExchange } from './exchanges/find.ts'
export { tiesOfExchanges } from './exchanges/ties.ts'
export { findReturn, lockReturn } from './find.ts'
export { personalDataOfReturns } from './personal-data.ts'
export { type Remedied, remediedClaims } from './remedied.ts'

// What this module adds to the house.
export const returns: Module = {
  name: 'returns',
  tables: {
    ...db.tables,
    ...reasons.tables,
    ...policies.tables,
    ...exchanges.tables,
    ...claims.tables,
  },
  migrations: {
    '2026-11-21-85-create-returns': createReturns,
    '2026-11-21-86-create-exchanges': createExchanges,
    '2026-11-21-87-create-claims': createClaims,
  },
  lifecycles: [returnLifecycle, exchangeLifecycle, claimLifecycle],
  errors: [returnErrors],
  events: [returnEvents, reasonEvents, policyEvents, exchangeEvents, claimEvents],
  reactions: [...settleReactions, ...exchangeReactions, ...claimReactions],
  invariants: [...returnInvariants, ...exchangeInvariants, ...claimInvariants],
  operations: [...operations, ...deskOperations, ...exchangeOperations, ...claimOperations],
}
