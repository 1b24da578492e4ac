import { whole } from '#platform/config/setting-kinds'

const days = (description: string, fallback: number) =>
  whole(`${description}, in days.`, fallback, { minimum: 1, maximum: 3650 })

/** How long what only helps the machinery is kept. Business records are not among it. */
export const retentionSettings = {
  idempotency_keys_kept_hours: whole(
    'How long the answer under an Idempotency-Key can be asked for again, in hours.',
    24,
    { minimum: 1, maximum: 8760 },
  ),
  finished_jobs_kept_days: days('How long a job that is done can be looked up', 7),
  event_reactions_kept_days: days(
    'How long it is remembered which reactions of a delivered event are done',
    30,
  ),
  received_webhooks_kept_days: days(
    'How long settled webhooks of payment providers and carriers are kept and known again',
    90,
  ),
  ended_sessions_kept_days: days(
    'How long an ended session is kept, so that a late reuse of its tokens is told as one',
    30,
  ),
}
