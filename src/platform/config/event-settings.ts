import { Type } from 'typebox'

/** How events leave the house: to webhooks, and to a stream that others read. */
export const eventSettings = {
  webhook_private_addresses: Type.Boolean({
    description:
      'Whether webhooks may go to private addresses and over plain http: for development only.',
    defaults: { development: true, test: false, production: false },
  }),
  webhook_timeout_ms: Type.Integer({
    description: 'How long a receiver of webhooks may take to answer, in milliseconds.',
    default: 15_000,
    minimum: 50,
    maximum: 30_000,
  }),
  webhook_in_flight: Type.Integer({
    description: 'Webhooks that one process sends to one endpoint at the same time.',
    default: 32,
    minimum: 1,
    maximum: 256,
  }),
  webhook_pause_after_hours: Type.Integer({
    description: 'After how many hours without one success an endpoint is paused.',
    default: 72,
    minimum: 1,
    maximum: 8760,
  }),
  webhook_deliveries_kept_days: Type.Integer({
    description: 'How long finished deliveries and their tries can be read, in days.',
    default: 30,
    minimum: 1,
    maximum: 3650,
  }),
  nats_url: Type.Optional(
    Type.String({
      description: 'NATS with JetStream, to which every event is published; unset is none.',
      minLength: 1,
      pattern: '^(nats|tls|wss?)://',
      secret: true,
    }),
  ),
  nats_stream: Type.String({
    description: 'The name of the JetStream stream; made where there is none.',
    default: 'TRADEPOST',
    pattern: '^[A-Za-z0-9_-]{1,64}$',
  }),
  nats_subject_prefix: Type.String({
    description: 'What every subject begins with: PREFIX.order.created.',
    default: 'tradepost',
    pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$',
  }),
  nats_timeout_ms: Type.Integer({
    description: 'How long NATS may take to confirm an event, in milliseconds.',
    default: 5000,
    minimum: 50,
    maximum: 60_000,
  }),
}
