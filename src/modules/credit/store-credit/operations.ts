import { customerErrors } from '#modules/customers'
import { command, query } from '#platform/operations'
import { creditErrors as errors } from '../errors.ts'
import { CreditEntries, ListEntries } from '../schemas.ts'
import { deductStoreCredit, grantStoreCredit } from './book-store-credit.ts'
import { getStoreCredit, listStoreCredit, listStoreCreditEntries } from './queries.ts'
import * as of from './schemas.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const isolation = 'read committed' as const
const NO_CUSTOMER = customerErrors.not_found

export const storeCreditOperations = [
  query('credit.list_store_credit', {
    rest: 'GET /api/v1/store-credit',
    permission: 'store-credit:read',
    summary: 'List store credit, one account a customer and currency',
    description: 'Customers see their own.',
    input: of.ListStoreCredit,
    output: of.StoreCredits,
    example: { customer_id: id, currency: 'USD' },
    run: listStoreCredit,
  }),
  query('credit.get_store_credit', {
    rest: 'GET /api/v1/store-credit/:id',
    permission: 'store-credit:read',
    summary: 'Read a store credit account',
    input: of.GetStoreCredit,
    output: of.StoreCredit,
    errors: [errors.account_not_found],
    example: { id },
    run: getStoreCredit,
  }),
  query('credit.list_store_credit_entries', {
    rest: 'GET /api/v1/store-credit/:id/entries',
    permission: 'store-credit:read',
    summary: 'List what came to store credit and went from it, newest first',
    input: ListEntries,
    output: CreditEntries,
    errors: [errors.account_not_found],
    example: { id, limit: 20 },
    run: listStoreCreditEntries,
  }),
  command('credit.grant_store_credit', {
    rest: 'POST /api/v1/store-credit/grants',
    permission: 'store-credit:write',
    summary: 'Give a customer store credit',
    status: 201,
    isolation,
    input: of.GrantStoreCredit,
    output: of.StoreCredit,
    errors: [NO_CUSTOMER, errors.too_much, errors.reference_taken],
    example: {
      customer_id: id,
      currency: 'USD',
      amount: '15.00',
      reason: 'For the long wait.',
      reference_id: 'ticket-4711',
    },
    run: grantStoreCredit,
  }),
  command('credit.deduct_store_credit', {
    rest: 'POST /api/v1/store-credit/deductions',
    permission: 'store-credit:write',
    summary: 'Take store credit away from a customer',
    description: 'At most what is there.',
    status: 201,
    isolation,
    input: of.DeductStoreCredit,
    output: of.StoreCredit,
    errors: [NO_CUSTOMER, errors.none, errors.insufficient, errors.reference_taken],
    example: { customer_id: id, currency: 'USD', amount: '5.00', reason: 'Granted twice.' },
    run: deductStoreCredit,
  }),
]
