import { command, Nothing, query } from '#platform/operations'
import { discardDelivery, replayDelivery } from './commands/deliveries.ts'
import { webhookErrors as errors } from './errors.ts'
import { deliveryLifecycle } from './lifecycle.ts'
import { getDelivery, listDeliveries, listEventTypes } from './queries.ts'
import { getReplay } from './replay/replays.ts'
import * as of from './schemas.ts'
import { listLog } from './stream/log.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const isolation = 'read committed' as const

export const deliveryOperations = [
  query('webhooks.list_events', {
    rest: 'GET /api/v1/events',
    permission: 'events:read',
    summary: 'Read on in the log of events',
    description:
      'In the order of their commits, 200 at most, from behind `after`. GET /api/v1/events/stream tells the same as server-sent events, and goes on.',
    input: of.ListLog,
    output: of.Log,
    errors: [errors.event_not_found],
    example: { events: 'order.*,payment.captured' },
    run: listLog,
  }),
  query('webhooks.list_event_types', {
    rest: 'GET /api/v1/webhooks/event-types',
    permission: 'webhooks:read',
    summary: 'List the events that can be subscribed to',
    input: of.ListEventTypes,
    output: of.EventTypes,
    example: {},
    run: listEventTypes,
  }),
  query('webhooks.list_deliveries', {
    rest: 'GET /api/v1/webhooks/deliveries',
    permission: 'webhooks:read',
    summary: 'List webhook deliveries, newest first',
    input: of.ListDeliveries,
    output: of.Deliveries,
    example: { status: 'failed', limit: 20 },
    run: listDeliveries,
  }),
  query('webhooks.get_delivery', {
    rest: 'GET /api/v1/webhooks/deliveries/:id',
    permission: 'webhooks:read',
    summary: 'Read a webhook delivery with every request and response',
    input: of.GetDelivery,
    output: of.DeliveryDetail,
    errors: [errors.delivery_not_found],
    example: { id: EXAMPLE_ID },
    run: getDelivery,
  }),
  command('webhooks.replay_delivery', {
    rest: 'POST /api/v1/webhooks/deliveries/:id/replay',
    permission: 'webhooks:write',
    summary: 'Send a webhook delivery once more',
    description: 'As a delivery of its own, with the id of the same event.',
    isolation,
    status: 201,
    input: of.GetDelivery,
    output: of.Delivery,
    errors: [errors.delivery_not_found, errors.not_found, errors.paused],
    example: { id: EXAMPLE_ID },
    run: replayDelivery,
  }),
  command('webhooks.discard_delivery', {
    rest: 'DELETE /api/v1/webhooks/deliveries/:id',
    permission: 'webhooks:write',
    summary: 'Take a waiting webhook delivery off',
    description: 'What happened to the same entity afterwards is sent then.',
    isolation,
    status: 204,
    input: of.GetDelivery,
    output: Nothing,
    errors: [errors.delivery_not_found, ...deliveryLifecycle.refusals('discard')],
    example: { id: EXAMPLE_ID },
    run: discardDelivery,
  }),
  query('webhooks.get_replay', {
    rest: 'GET /api/v1/webhooks/replays/:id',
    permission: 'webhooks:read',
    summary: 'Read how sending again is getting on',
    input: of.GetReplay,
    output: of.Replay,
    errors: [errors.replay_not_found],
    example: { id: EXAMPLE_ID },
    run: getReplay,
  }),
]
