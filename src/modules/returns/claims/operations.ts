import { inventoryErrors } from '#modules/inventory'
import { orderErrors } from '#modules/orders'
import { command, process, query } from '#platform/operations'
import { returnErrors as errors } from '../errors.ts'
import {
  addEvidence,
  approveClaim,
  cancelClaim,
  rejectClaim,
  reopenClaim,
  submitClaim,
} from './commands.ts'
import { claimLifecycle } from './lifecycle.ts'
import { getClaim, listClaims } from './queries.ts'
import { resolveClaim } from './resolve-claim.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const { refusals } = claimLifecycle
const staff = [errors.claim_not_found, errors.staff_only]
const isolation = 'read committed'

export const claimOperations = [
  query('returns.list_claims', {
    rest: 'GET /api/v1/claims',
    permission: 'returns:read',
    summary: 'List claims, newest first',
    description: 'Customers see their own.',
    input: of.ListClaims,
    output: of.Claims,
    example: { status: 'submitted', limit: 20 },
    run: listClaims,
  }),
  query('returns.get_claim', {
    rest: 'GET /api/v1/claims/:id',
    permission: 'returns:read',
    summary: 'Read a claim',
    input: of.GetClaim,
    output: of.Claim,
    errors: [errors.claim_not_found],
    example: { id: EXAMPLE_ID },
    run: getClaim,
  }),
  command('returns.create_claim', {
    rest: 'POST /api/v1/claims',
    permission: 'returns:create',
    summary: 'Tell that something is wrong with goods of an order',
    description:
      'Missing, damaged, defective, or others than ordered. The units are kept for the claim: no return and no other claim has them too.',
    status: 201,
    isolation,
    input: of.CreateClaim,
    output: of.Claim,
    errors: [errors.too_many_units],
    example: {
      order_id: EXAMPLE_ID,
      description: 'One arrived in pieces.',
      items: [{ sku: 'MUG', quantity: 1, problem: 'damaged' }],
      evidence: ['https://example.com/broken-mug.jpg'],
    },
    run: submitClaim,
  }),
  command('returns.add_claim_evidence', {
    rest: 'POST /api/v1/claims/:id/evidence',
    permission: 'returns:create',
    summary: 'Add evidence to a claim',
    isolation,
    input: of.AddEvidence,
    output: of.Claim,
    errors: [errors.claim_not_found],
    example: { id: EXAMPLE_ID, evidence: ['https://example.com/box.jpg'] },
    run: addEvidence,
  }),
  command('returns.approve_claim', {
    rest: 'POST /api/v1/claims/:id/approve',
    permission: 'returns:create',
    summary: 'Find a claim right, and decide what is done about it',
    description:
      '`remedy` is done by `resolve`. With `goods: return` their return is opened and agreed; else the customer keeps them.',
    isolation,
    input: of.ApproveClaim,
    output: of.Claim,
    errors: [...staff, errors.too_many_units, ...refusals('approve')],
    example: { id: EXAMPLE_ID, remedy: 'refund', goods: 'stay' },
    run: approveClaim,
  }),
  command('returns.reject_claim', {
    rest: 'POST /api/v1/claims/:id/reject',
    permission: 'returns:create',
    summary: 'Find a claim wrong',
    isolation,
    input: of.MoveClaim,
    output: of.Claim,
    errors: [...staff, ...refusals('reject')],
    example: { id: EXAMPLE_ID, reason: 'The picture shows another mug.' },
    run: rejectClaim,
  }),
  command('returns.cancel_claim', {
    rest: 'POST /api/v1/claims/:id/cancel',
    permission: 'returns:create',
    summary: 'Withdraw a claim',
    isolation,
    input: of.MoveClaim,
    output: of.Claim,
    errors: [errors.claim_not_found, ...refusals('cancel')],
    example: { id: EXAMPLE_ID, reason: 'It came after all.' },
    run: cancelClaim,
  }),
  command('returns.reopen_claim', {
    rest: 'POST /api/v1/claims/:id/reopen',
    permission: 'returns:create',
    summary: 'Look again at a rejected or withdrawn claim',
    isolation,
    input: of.MoveClaim,
    output: of.Claim,
    errors: [...staff, errors.too_many_units, ...refusals('reopen')],
    example: { id: EXAMPLE_ID },
    run: reopenClaim,
  }),
  process('returns.resolve_claim', {
    rest: 'POST /api/v1/claims/:id/resolve',
    permission: 'payments:write',
    summary: 'Do what was agreed for a claim',
    description:
      'Gives money back or places the replacement; what failed is tried again by asking again. Staff only; send an Idempotency-Key.',
    input: of.MoveClaim,
    output: of.Claim,
    errors: [
      ...staff,
      inventoryErrors.insufficient_stock,
      orderErrors.too_many_units,
      orderErrors.nothing_to_refund,
      orderErrors.refund_exceeds_paid,
      orderErrors.refund_refused,
      ...refusals('resolve'),
    ],
    example: { id: EXAMPLE_ID },
    run: resolveClaim,
  }),
]
