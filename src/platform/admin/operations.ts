import { adminErrors } from '#platform/admin/errors'
import { listJobs, retryJob } from '#platform/admin/jobs'
import {
  discardOutboxEvent,
  getOutboxEvent,
  listEvents,
  listOutbox,
  retryOutboxEvent,
} from '#platform/admin/outbox'
import * as of from '#platform/admin/schemas'
import { command, Nothing, query } from '#platform/operations'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

/** What an operator may see and mend of the machinery itself. */
export const adminOperations = [
  query('admin.list_outbox', {
    rest: 'GET /api/v1/admin/outbox',
    permission: 'admin:outbox',
    summary: 'List events that are not delivered, newest first',
    description:
      'Events that wait for their reactions, are worked on, or were given up after the last try ' +
      '(dead letters). What is delivered is in the audit trail.',
    input: of.ListOutbox,
    output: of.OutboxPage,
    example: { status: 'failed', limit: 20 },
    run: listOutbox,
  }),
  query('admin.get_outbox_event', {
    rest: 'GET /api/v1/admin/outbox/:id',
    permission: 'admin:outbox',
    summary: 'Read an event, its payload and its delivery',
    input: of.ById,
    output: of.OutboxEventDetail,
    errors: [adminErrors.event_not_found],
    example: { id: EXAMPLE_ID },
    run: getOutboxEvent,
  }),
  command('admin.retry_outbox_event', {
    rest: 'POST /api/v1/admin/outbox/:id/retry',
    permission: 'admin:outbox',
    summary: 'Try to deliver an event again, now',
    description:
      'Reactions that were done are not done again. Only dead letters and events that wait for ' +
      'their next try can be retried; others are refused with 409.',
    input: of.ById,
    output: of.RetriedEvent,
    errors: [adminErrors.event_not_found],
    example: { id: EXAMPLE_ID },
    run: retryOutboxEvent,
  }),
  command('admin.discard_outbox_event', {
    rest: 'DELETE /api/v1/admin/outbox/:id',
    permission: 'admin:outbox',
    summary: 'Take a dead letter off the list',
    description: 'It is not tried again. The event itself stays in the audit trail.',
    status: 204,
    input: of.ById,
    output: Nothing,
    errors: [adminErrors.event_not_found],
    example: { id: EXAMPLE_ID },
    run: discardOutboxEvent,
  }),
  query('admin.list_events', {
    rest: 'GET /api/v1/admin/events',
    permission: 'admin:audit',
    summary: 'Read the audit trail, newest first',
    description: 'Everything that happened, who caused it and in which request; or of one thing.',
    input: of.ListEvents,
    output: of.EventPage,
    example: { aggregate_id: EXAMPLE_ID, limit: 20 },
    run: listEvents,
  }),
  query('admin.list_jobs', {
    rest: 'GET /api/v1/admin/jobs',
    permission: 'admin:jobs',
    summary: 'List jobs, newest first',
    input: of.ListJobs,
    output: of.JobPage,
    example: { status: 'failed' },
    run: listJobs,
  }),
  command('admin.retry_job', {
    rest: 'POST /api/v1/admin/jobs/:id/retry',
    permission: 'admin:jobs',
    summary: 'Do a job again that was given up',
    input: of.JobById,
    output: of.Job,
    errors: [adminErrors.job_not_found],
    example: { id: EXAMPLE_ID },
    run: retryJob,
  }),
]
