import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { command, query } from '#platform/operations'
import { recordConsent } from './commands/record-consent.ts'
import { Consent, ConsentState, recordConsentInput } from './consent-schemas.ts'
import { currentConsents, listConsents } from './consents.ts'
import { customerErrors } from './errors.ts'
import { selfOf } from './queries.ts'

const ofCustomer = { id: IdSchema('customer') }
const id = '019aa5c0-0000-7000-8000-000000000001'
const example = { purpose: 'marketing_email', granted: true, text_version: '2026-11' }
const OfPurposes = Type.Array(ConsentState, { description: 'One for each purpose spoken of.' })

/** What a customer agreed to: written down once, never changed; the newest of a purpose holds. */
export const consentOperations = [
  query('customers.list_my_consents', {
    rest: 'GET /api/v1/customers/me/consents',
    permission: 'signed_in',
    summary: 'List what you agreed to and withdrew',
    input: Type.Object(pageQuery),
    output: PageOf(Consent),
    errors: [customerErrors.not_a_customer],
    example: {},
    run: (ctx, input) => listConsents(ctx, { ...input, id: selfOf(ctx) }),
  }),
  query('customers.get_my_consents', {
    rest: 'GET /api/v1/customers/me/consents/current',
    permission: 'signed_in',
    summary: 'Read what you agree to now',
    input: Type.Object({}),
    output: OfPurposes,
    errors: [customerErrors.not_a_customer],
    example: {},
    run: (ctx) => currentConsents(ctx, { id: selfOf(ctx) }),
  }),
  command('customers.record_my_consent', {
    rest: 'POST /api/v1/customers/me/consents',
    permission: 'signed_in',
    status: 201,
    summary: 'Agree to something, or withdraw it',
    input: Type.Object(recordConsentInput),
    output: Consent,
    errors: [customerErrors.not_a_customer],
    example,
    run: (ctx, input) => recordConsent(ctx, { ...input, id: selfOf(ctx) }),
  }),
  query('customers.list_consents', {
    rest: 'GET /api/v1/customers/:id/consents',
    permission: 'signed_in',
    summary: 'List what a customer agreed to and withdrew',
    description: 'Your own, or anyone’s with `customers:read`.',
    input: Type.Object({ ...ofCustomer, ...pageQuery }),
    output: PageOf(Consent),
    errors: [customerErrors.not_found],
    example: { id },
    run: listConsents,
  }),
  query('customers.get_consents', {
    rest: 'GET /api/v1/customers/:id/consents/current',
    permission: 'signed_in',
    summary: 'Read what a customer agrees to now',
    description: 'Your own, or anyone’s with `customers:read`.',
    input: Type.Object(ofCustomer),
    output: OfPurposes,
    errors: [customerErrors.not_found],
    example: { id },
    run: currentConsents,
  }),
  command('customers.record_consent', {
    rest: 'POST /api/v1/customers/:id/consents',
    permission: 'signed_in',
    status: 201,
    summary: 'Record what a customer agrees to',
    description: 'Of yourself, or of anyone with `customers:update`.',
    input: Type.Object({ ...ofCustomer, ...recordConsentInput }),
    output: Consent,
    errors: [customerErrors.not_found],
    example: { id, ...example, source: 'telephone' },
    run: recordConsent,
  }),
]
