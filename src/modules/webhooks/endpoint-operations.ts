import { command, Nothing, query, requestErrors } from '#platform/operations'
import { createWebhook } from './commands/create-webhook.ts'
import { deleteWebhook } from './commands/delete-webhook.ts'
import { sendTest } from './commands/deliveries.ts'
import { pauseByHand, resumeWebhook } from './commands/pause-webhook.ts'
import { rotateSecret, updateWebhook } from './commands/update-webhook.ts'
import { webhookErrors as errors } from './errors.ts'
import { webhookEndpointLifecycle } from './lifecycle.ts'
import { getWebhook, listWebhooks } from './queries.ts'
import { listReplays, startReplay } from './replay/replays.ts'
import * as of from './schemas.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const isolation = 'read committed' as const
const { refusals } = webhookEndpointLifecycle

export const endpointOperations = [
  query('webhooks.list', {
    rest: 'GET /api/v1/webhooks',
    permission: 'webhooks:read',
    summary: 'List webhooks, newest first',
    description: 'Those of partners (`channel` acp, ucp), which they brought along, too.',
    input: of.ListWebhooks,
    output: of.Webhooks,
    example: { status: 'paused', limit: 20 },
    run: listWebhooks,
  }),
  query('webhooks.get', {
    rest: 'GET /api/v1/webhooks/:id',
    permission: 'webhooks:read',
    summary: 'Read a webhook and how it is doing',
    input: of.GetWebhook,
    output: of.Webhook,
    errors: [errors.not_found],
    example: { id },
    run: getWebhook,
  }),
  command('webhooks.create', {
    rest: 'POST /api/v1/webhooks',
    permission: 'webhooks:write',
    summary: 'Subscribe an address to events',
    description:
      'It gets what happens from now on, signed, in order for each entity, at least once. The secret is told in this answer and never again.',
    isolation,
    status: 201,
    secret: true,
    input: of.CreateWebhook,
    output: of.NewWebhook,
    errors: [errors.url_refused, errors.event_unknown, errors.too_many],
    example: {
      url: 'https://hooks.example.com/tradepost',
      events: ['order.*', 'shipment.shipped'],
      description: 'The accounting system',
    },
    run: createWebhook,
  }),
  command('webhooks.update', {
    rest: 'PATCH /api/v1/webhooks/:id',
    aliases: ['PUT /api/v1/webhooks/:id'],
    permission: 'webhooks:write',
    summary: 'Change where a webhook goes and what it gets',
    description: 'Only what is named. What waits to be sent goes to the new address.',
    isolation,
    input: of.UpdateWebhook,
    output: of.Webhook,
    errors: [
      errors.not_found,
      errors.of_protocol,
      errors.url_refused,
      errors.event_unknown,
      requestErrors.version_changed,
    ],
    example: { id, events: ['order.created', 'order.cancelled'] },
    run: updateWebhook,
  }),
  command('webhooks.delete', {
    rest: 'DELETE /api/v1/webhooks/:id',
    permission: 'webhooks:write',
    summary: 'Delete a webhook',
    description: 'What waits for it is discarded. Its log stays readable.',
    isolation,
    status: 204,
    input: of.GetWebhook,
    output: Nothing,
    errors: [errors.not_found],
    example: { id },
    run: deleteWebhook,
  }),
  command('webhooks.pause', {
    rest: 'POST /api/v1/webhooks/:id/pause',
    permission: 'webhooks:write',
    summary: 'Pause a webhook',
    description: 'Nothing is lost: what happens meanwhile is sent when it is resumed.',
    isolation,
    input: of.GetWebhook,
    output: of.Webhook,
    errors: [errors.not_found, ...refusals('pause')],
    example: { id },
    run: pauseByHand,
  }),
  command('webhooks.resume', {
    rest: 'POST /api/v1/webhooks/:id/resume',
    permission: 'webhooks:write',
    summary: 'Resume a paused webhook',
    description: 'It goes on where it stopped, or with `skip` from now on.',
    isolation,
    input: of.ResumeWebhook,
    output: of.Webhook,
    errors: [errors.not_found, ...refusals('resume')],
    example: { id, skip: false },
    run: resumeWebhook,
  }),
  command('webhooks.rotate_secret', {
    rest: 'POST /api/v1/webhooks/:id/rotate-secret',
    permission: 'webhooks:write',
    summary: 'Give a webhook another secret',
    description:
      'Both secrets sign for a while, so that the receiver can change over. The new one is told in this answer and never again.',
    isolation,
    secret: true,
    input: of.RotateSecret,
    output: of.NewWebhook,
    errors: [errors.not_found, errors.of_protocol, requestErrors.version_changed],
    example: { id, keep_previous_hours: 24 },
    run: rotateSecret,
  }),
  command('webhooks.test', {
    rest: 'POST /api/v1/webhooks/:id/test',
    permission: 'webhooks:write',
    summary: 'Send a test to a webhook',
    description: 'A signed `webhook.test`. The delivery tells what became of it.',
    isolation,
    status: 202,
    input: of.GetWebhook,
    output: of.Delivery,
    errors: [errors.not_found, errors.paused],
    example: { id },
    run: sendTest,
  }),
  query('webhooks.list_replays', {
    rest: 'GET /api/v1/webhooks/:id/replays',
    permission: 'webhooks:read',
    summary: 'List what was sent to a webhook again, newest first',
    input: of.ListReplays,
    output: of.Replays,
    errors: [errors.not_found],
    example: { id, limit: 20 },
    run: listReplays,
  }),
  command('webhooks.replay', {
    rest: 'POST /api/v1/webhooks/:id/replays',
    permission: 'webhooks:write',
    summary: 'Send a webhook all that failed, or all events of a time',
    description:
      'As a job: the answer names it. A range also holds what happened before the webhook was made.',
    isolation,
    status: 202,
    input: of.StartReplay,
    output: of.Replay,
    errors: [errors.not_found, errors.paused, errors.of_protocol, errors.replay_running],
    example: { id, what: 'failed' },
    run: startReplay,
  }),
]
