import { defineErrors } from '#kit/errors'

export const webhookErrors = defineErrors({
  not_found: { code: 'WEBHOOK_NOT_FOUND', status: 404, message: 'There is no webhook {id}.' },
  delivery_not_found: {
    code: 'WEBHOOK_DELIVERY_NOT_FOUND',
    status: 404,
    message: 'There is no webhook delivery {id}.',
  },
  replay_not_found: {
    code: 'WEBHOOK_REPLAY_NOT_FOUND',
    status: 404,
    message: 'There is no webhook replay {id}.',
  },
  url_refused: {
    code: 'WEBHOOK_URL_REFUSED',
    status: 400,
    message: 'Webhooks cannot go to this address: {problem}.',
  },
  event_unknown: {
    code: 'WEBHOOK_EVENT_UNKNOWN',
    status: 400,
    message: 'No event is called {event}; GET /api/v1/webhooks/event-types lists them.',
  },
  paused: {
    code: 'WEBHOOK_IS_PAUSED',
    status: 409,
    message: 'The webhook {id} is paused; resume it first.',
  },
  of_protocol: {
    code: 'WEBHOOK_OF_A_PROTOCOL',
    status: 409,
    message:
      'A partner brought the webhook {id} along: it can be paused, resumed and deleted only.',
  },
  too_many: {
    code: 'WEBHOOKS_TOO_MANY',
    status: 409,
    message: 'There are {limit} webhooks already; delete one first.',
  },
  replay_running: {
    code: 'WEBHOOK_REPLAY_RUNNING',
    status: 409,
    message: 'The replay {replay_id} of this webhook is still running.',
  },
  event_not_found: {
    code: 'EVENT_NOT_FOUND',
    status: 404,
    message: 'There is no event {id} to go on from.',
  },
  too_many_streams: {
    code: 'EVENT_STREAMS_TOO_MANY',
    status: 503,
    message: 'This server has {limit} streams of events open already; try again later.',
  },
})
