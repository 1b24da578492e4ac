import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant } from '#kit/schemas'
import { accessErrors } from '#modules/access'
import { command, process, query } from '#platform/operations'
import { eraseCustomer } from './commands/erase-customer.ts'
import { customerErrors } from './errors.ts'
import { CustomerExport, exportCustomer } from './export-customer.ts'
import { AddNote, addNote, listNotes, Note } from './notes.ts'
import { selfOf } from './queries.ts'

const ById = Type.Object({ id: IdSchema('customer') })
const id = '019aa5c0-0000-7000-8000-000000000001'
const current_password = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Needed to erase yourself.',
  }),
)
const Erased = Type.Object({ customer_id: IdSchema('customer'), erased_at: Instant })
const refusals = [
  customerErrors.open_business,
  accessErrors.wrong_password,
  accessErrors.too_many_attempts,
  accessErrors.needs_user,
  accessErrors.last_administrator,
]

/** What the shop knows of a person: notes about them, all of it to read, and its end. */
export const personOperations = [
  query('customers.list_notes', {
    rest: 'GET /api/v1/customers/:id/notes',
    permission: 'customers:read',
    summary: 'List what staff noted about a customer',
    input: Type.Object({ ...ById.properties, ...pageQuery }),
    output: PageOf(Note),
    errors: [customerErrors.not_found],
    example: { id },
    run: listNotes,
  }),
  command('customers.add_note', {
    rest: 'POST /api/v1/customers/:id/notes',
    permission: 'customers:update',
    status: 201,
    summary: 'Note something about a customer',
    description: 'For staff; the customer reads it in their export.',
    input: AddNote,
    output: Note,
    errors: [customerErrors.not_found],
    example: { id, text: 'Prefers to be called in the evening.' },
    run: addNote,
  }),
  query('customers.export_me', {
    rest: 'GET /api/v1/customers/me/export',
    permission: 'signed_in',
    summary: 'Export all that is kept about you',
    input: Type.Object({}),
    output: CustomerExport,
    errors: [customerErrors.not_a_customer],
    example: {},
    run: (ctx) => exportCustomer(ctx, { id: selfOf(ctx) }),
  }),
  query('customers.export', {
    rest: 'GET /api/v1/customers/:id/export',
    permission: 'signed_in',
    summary: 'Export all that is kept about a customer',
    description: 'Yourself, or anyone with `customers:read`; of deleted ones too.',
    input: ById,
    output: CustomerExport,
    errors: [customerErrors.not_found],
    example: { id },
    run: exportCustomer,
  }),
  process('customers.erase_me', {
    rest: 'POST /api/v1/customers/me/erase',
    permission: 'signed_in',
    summary: 'Erase yourself for good',
    description:
      'Your account, addresses, lists and names go at once and cannot come back. Orders remain in the books without you.',
    input: Type.Object({ current_password }),
    output: Erased,
    errors: [customerErrors.not_a_customer, ...refusals],
    example: { current_password: 'weaves-patterns' },
    run: (ctx, input) => eraseCustomer(ctx, { ...input, id: selfOf(ctx) }),
  }),
  process('customers.erase', {
    rest: 'POST /api/v1/customers/:id/erase',
    permission: 'signed_in',
    summary: 'Erase a customer for good',
    description:
      'Yourself with `current_password`, or anyone with `customers:delete`. What was erased stays erased; asking again answers the same.',
    input: Type.Object({ ...ById.properties, current_password }),
    output: Erased,
    errors: [customerErrors.not_found, ...refusals],
    example: { id },
    run: eraseCustomer,
  }),
]
