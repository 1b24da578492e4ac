import { command, Nothing, query } from '#platform/operations'
import { returnErrors as errors } from './errors.ts'
import { addNote, listHistory, listNotes } from './notes/notes.ts'
import * as notesOf from './notes/schemas.ts'
import {
  archivePolicy,
  createPolicy,
  getPolicy,
  listPolicies,
  updatePolicy,
} from './policies/commands.ts'
import * as policiesOf from './policies/schemas.ts'
import { archiveReason, createReason, updateReason } from './reasons/commands.ts'
import { getReason, listReasons } from './reasons/queries.ts'
import * as reasonsOf from './reasons/schemas.ts'
import { returnStatistics } from './reasons/statistics.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

const notes = [
  command('returns.add_note', {
    rest: 'POST /api/v1/returns/:id/notes',
    permission: 'returns:create',
    summary: 'Write a note to a return',
    status: 201,
    input: notesOf.AddNote,
    output: notesOf.Note,
    errors: [errors.not_found, errors.staff_only],
    example: { id: EXAMPLE_ID, content: 'Called the customer.', note_type: 'Internal' },
    run: addNote,
  }),
  query('returns.list_notes', {
    rest: 'GET /api/v1/returns/:id/notes',
    permission: 'returns:read',
    summary: 'List the notes of a return, newest first',
    description: 'Customers see what is meant for them.',
    input: notesOf.ListNotes,
    output: notesOf.Notes,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: listNotes,
  }),
  query('returns.list_history', {
    rest: 'GET /api/v1/returns/:id/history',
    permission: 'returns:read',
    summary: 'List what happened to a return, newest first',
    input: notesOf.ListNotes,
    output: notesOf.History,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: listHistory,
  }),
]

const reasons = [
  query('returns.list_reasons', {
    rest: 'GET /api/v1/returns/reasons',
    permission: 'returns:read',
    summary: 'List return reasons',
    input: reasonsOf.ListReasons,
    output: reasonsOf.Reasons,
    example: { is_active: true },
    run: listReasons,
  }),
  query('returns.get_reason', {
    rest: 'GET /api/v1/returns/reasons/:id',
    permission: 'returns:read',
    summary: 'Read a return reason',
    input: reasonsOf.GetReason,
    output: reasonsOf.Reason,
    errors: [errors.reason_not_found],
    example: { id: 'too_small' },
    run: getReason,
  }),
  command('returns.create_reason', {
    rest: 'POST /api/v1/returns/reasons',
    permission: 'returns:update',
    summary: 'Add a return reason',
    status: 201,
    input: reasonsOf.CreateReason,
    output: reasonsOf.Reason,
    errors: [errors.reason_taken],
    example: { code: 'too_small', label: 'Too small' },
    run: createReason,
  }),
  command('returns.update_reason', {
    rest: 'PUT /api/v1/returns/reasons/:id',
    aliases: ['PATCH /api/v1/returns/reasons/:id'],
    permission: 'returns:update',
    summary: 'Change a return reason, put it away or offer it again',
    input: reasonsOf.UpdateReason,
    output: reasonsOf.Reason,
    errors: [errors.reason_not_found, errors.reason_taken],
    example: { id: 'too_small', label: 'Runs small' },
    run: updateReason,
  }),
  command('returns.archive_reason', {
    rest: 'DELETE /api/v1/returns/reasons/:id',
    permission: 'returns:update',
    summary: 'Offer a return reason no more',
    description: 'What has it keeps it, and it is still counted.',
    status: 204,
    input: reasonsOf.GetReason,
    output: Nothing,
    errors: [errors.reason_not_found],
    example: { id: 'too_small' },
    run: archiveReason,
  }),
  query('returns.statistics', {
    rest: 'GET /api/v1/returns/statistics',
    permission: 'returns:update',
    summary: 'Tell how much comes back, by reason, product or period',
    description:
      'Of the last 30 days unless `from` and `to` say otherwise, a year at most. The rate is the share of the units that have left, of orders placed in the same time.',
    input: reasonsOf.ReturnStatistics,
    output: reasonsOf.ReturnFigures,
    example: { by: 'reason', limit: 10 },
    run: returnStatistics,
  }),
]

const policies = [
  query('returns.list_policies', {
    rest: 'GET /api/v1/returns/policies',
    permission: 'returns:read',
    summary: 'List the exceptions from the usual terms of returns',
    input: policiesOf.ListPolicies,
    output: policiesOf.Policies,
    example: { limit: 20 },
    run: listPolicies,
  }),
  query('returns.get_policy', {
    rest: 'GET /api/v1/returns/policies/:id',
    permission: 'returns:read',
    summary: 'Read a return policy',
    input: policiesOf.GetPolicy,
    output: policiesOf.Policy,
    errors: [errors.policy_not_found],
    example: { id: EXAMPLE_ID },
    run: getPolicy,
  }),
  command('returns.create_policy', {
    rest: 'POST /api/v1/returns/policies',
    permission: 'returns:update',
    summary: 'Make an exception from the usual terms of returns',
    description:
      'For a reason, a category, or both; the closest one counts. What it does not say is as the settings say. Open returns keep the terms they were asked for under.',
    status: 201,
    isolation: 'read committed',
    input: policiesOf.CreatePolicy,
    output: policiesOf.Policy,
    errors: [errors.reason_not_found],
    example: { name: 'Opened goods', restocking_fee_rate: '0.15', window_days: 14 },
    run: createPolicy,
  }),
  command('returns.update_policy', {
    rest: 'PUT /api/v1/returns/policies/:id',
    aliases: ['PATCH /api/v1/returns/policies/:id'],
    permission: 'returns:update',
    summary: 'Change a return policy',
    input: policiesOf.UpdatePolicy,
    output: policiesOf.Policy,
    errors: [errors.policy_not_found, errors.reason_not_found],
    example: { id: EXAMPLE_ID, window_days: 60 },
    run: updatePolicy,
  }),
  command('returns.archive_policy', {
    rest: 'DELETE /api/v1/returns/policies/:id',
    permission: 'returns:update',
    summary: 'End a return policy',
    status: 204,
    input: policiesOf.GetPolicy,
    output: Nothing,
    errors: [errors.policy_not_found],
    example: { id: EXAMPLE_ID },
    run: archivePolicy,
  }),
]

export const deskOperations = [...notes, ...reasons, ...policies]
