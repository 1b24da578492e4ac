import { defineErrors } from '#kit/errors'

export const adminErrors = defineErrors({
  event_not_found: {
    code: 'OUTBOX_EVENT_NOT_FOUND',
    status: 404,
    message: 'There is no event {event_id}.',
  },
  job_not_found: { code: 'JOB_NOT_FOUND', status: 404, message: 'There is no job {job_id}.' },
})
