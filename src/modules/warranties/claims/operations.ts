import { command, query } from '#platform/operations'
import { warrantyErrors as errors } from '../errors.ts'
import { warrantyClaimLifecycle } from '../lifecycle.ts'
import * as decide from './decide-claim.ts'
import { getClaim, listClaims } from './queries.ts'
import { remedyClaim } from './remedy-claim.ts'
import * as of from './schemas.ts'
import { submitClaim } from './submit-claim.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const { claim_not_found, staff_only, outside_coverage, units_claimed } = errors
const changing = {
  permission: 'warranties:update',
  isolation: 'read committed',
  output: of.WarrantyClaim,
} as const
const { refusals } = warrantyClaimLifecycle

export const claimOperations = [
  query('warranties.list_claims', {
    rest: 'GET /api/v1/warranties/claims',
    permission: 'warranties:read',
    summary: 'List warranty claims, newest first',
    description: 'Customers see their own.',
    input: of.ListClaims,
    output: of.WarrantyClaims,
    example: { status: 'submitted', limit: 20 },
    run: listClaims,
  }),
  query('warranties.get_claim', {
    rest: 'GET /api/v1/warranties/claims/:id',
    permission: 'warranties:read',
    summary: 'Read a warranty claim with what was done about it',
    input: of.GetClaim,
    output: of.WarrantyClaim,
    errors: [claim_not_found],
    example: { id },
    run: getClaim,
  }),
  command('warranties.submit_claim', {
    ...changing,
    rest: 'POST /api/v1/warranties/claims',
    summary: 'Say that covered goods are broken',
    description:
      'Customers claim what is theirs, while it is covered. Staff may hand in later what broke in time, and with `override_reason` what is outside the coverage.',
    status: 201,
    input: of.SubmitClaim,
    errors: [
      errors.not_found,
      errors.customer_differs,
      outside_coverage,
      units_claimed,
      staff_only,
      errors.cannot_claim,
    ],
    example: {
      warranty_id: id,
      customer_id: id,
      description: 'The handle came off.',
      evidence: ['https://example.com/handle.jpg'],
      preferred_remedy: 'replace',
    },
    run: submitClaim,
  }),
  command('warranties.approve_claim', {
    ...changing,
    rest: 'POST /api/v1/warranties/claims/:id/approve',
    summary: 'Accept a warranty claim',
    input: of.ApproveClaim,
    errors: [claim_not_found, staff_only, outside_coverage, ...refusals('approve')],
    example: { id, resolution: 'A new one is on its way.', remedy: 'replace' },
    run: decide.approveClaim,
  }),
  command('warranties.reject_claim', {
    ...changing,
    rest: 'POST /api/v1/warranties/claims/:id/reject',
    summary: 'Do not accept a warranty claim',
    input: of.RejectClaim,
    errors: [claim_not_found, staff_only, ...refusals('reject')],
    example: { id, reason: 'It was dropped.' },
    run: decide.rejectClaim,
  }),
  command('warranties.remedy_claim', {
    ...changing,
    rest: 'POST /api/v1/warranties/claims/:id/remedies',
    summary: 'Write down what was done about a warranty claim',
    description:
      '`credit` gives the customer store credit. `replace` and `refund` name the order, exchange, return or refund that fulfils them. All but `repair` settle the claim for good, and end the coverage of its units; what was sent instead is covered for the time that was left.',
    status: 201,
    input: of.RemedyClaim,
    errors: [
      claim_not_found,
      staff_only,
      errors.reference_not_found,
      errors.serial_covered,
      ...refusals('remedy'),
    ],
    example: { id, kind: 'credit', amount: '20.00', currency: 'USD' },
    run: remedyClaim,
  }),
  command('warranties.reopen_claim', {
    ...changing,
    rest: 'POST /api/v1/warranties/claims/:id/reopen',
    summary: 'Take a warranty claim up again',
    description: 'After new evidence, or because a repair did not hold.',
    input: of.ReasonedClaim,
    errors: [
      claim_not_found,
      staff_only,
      errors.settled,
      units_claimed,
      ...refusals('reopen'),
      errors.cannot_claim,
    ],
    example: { id, reason: 'It broke again.' },
    run: decide.reopenClaim,
  }),
  command('warranties.withdraw_claim', {
    ...changing,
    rest: 'POST /api/v1/warranties/claims/:id/withdraw',
    summary: 'Let a warranty claim go',
    input: of.WithdrawClaim,
    errors: [claim_not_found, ...refusals('withdraw')],
    example: { id },
    run: decide.withdrawClaim,
  }),
  command('warranties.add_evidence', {
    ...changing,
    rest: 'POST /api/v1/warranties/claims/:id/evidence',
    summary: 'Add evidence to a warranty claim',
    input: of.AddEvidence,
    errors: [claim_not_found, ...refusals('reopen')],
    example: { id, evidence: ['https://example.com/receipt.pdf'] },
    run: decide.addEvidence,
  }),
  command('warranties.close_claim', {
    ...changing,
    rest: 'POST /api/v1/warranties/claims/:id/close',
    summary: 'End a warranty claim of which nothing more will come',
    input: of.GetClaim,
    errors: [claim_not_found, staff_only, ...refusals('close')],
    example: { id },
    run: decide.closeClaim,
  }),
]
