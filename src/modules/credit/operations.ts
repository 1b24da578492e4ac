import { query } from '#platform/operations'
import { giftCardOperations } from './gift-cards/operations.ts'
import { getLiability } from './liability.ts'
import { GetLiability, Liability } from './schemas.ts'
import { storeCreditOperations } from './store-credit/operations.ts'

export const operations = [
  ...giftCardOperations,
  ...storeCreditOperations,
  query('credit.get_liability', {
    rest: 'GET /api/v1/credit/liability',
    permission: 'credit:read',
    summary: 'Read what the shop owes in gift cards and store credit, now or at a past instant',
    input: GetLiability,
    output: Liability,
    example: { at: '2026-01-01T00:00:00Z' },
    run: getLiability,
  }),
]
