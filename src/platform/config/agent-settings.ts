import { Type } from 'typebox'

const perMinute = (description: string, fallback: number) =>
  Type.Integer({ description, default: fallback, minimum: 1, maximum: 2 ** 31 - 1 })

/** What agents find here: the vault for their cards, and where the shop tells them its news. */
export const agentSettings = {
  vault_enabled: Type.Boolean({
    description:
      'Whether agents may hand over card numbers; who switches it on handles card data (PCI DSS).',
    defaults: { development: true, test: true, production: false },
  }),
  vault_key: Type.String({
    description: 'Encrypts cards: 32 characters or more. Production demands it for the vault.',
    default: '',
    secret: true,
  }),
  agent_requests_per_minute: perMinute(
    'Requests of one agent (ACP, structured dialect) in a minute; key policies come before it.',
    600,
  ),
  agent_completions_per_minute: perMinute(
    'Of these, requests of one agent that complete a session, in a minute.',
    120,
  ),
  agent_codes_per_minute: perMinute(
    'Of these, requests of one agent that bring discount codes, in a minute.',
    60,
  ),
  agentic_commerce_signing_secret: Type.String({
    description: 'Checks `Signature` of agents’ requests; without it none is asked for.',
    default: '',
    secret: true,
  }),
  agentic_commerce_signature_tolerance_secs: Type.Integer({
    description: 'How old a signed request of an agent may be, in seconds.',
    default: 300,
    minimum: 1,
    maximum: 86_400,
  }),
  agentic_commerce_webhook_url: Type.Optional(
    Type.String({
      description: 'Where agents are told of the orders they brought; unset: nowhere.',
      pattern: '^https?://',
      minLength: 1,
    }),
  ),
  agentic_commerce_webhook_secret: Type.String({
    description: 'Signs what agents are told of their orders.',
    default: '',
    secret: true,
  }),
  agent_feed_url: Type.Optional(
    Type.String({
      description:
        'The address of a feed that an agent keeps of the catalogue (…/feeds/ID); unset: none.',
      pattern: '^https?://.+[^/]$',
    }),
  ),
  agent_feed_token: Type.String({
    description: 'The bearer token of that feed.',
    default: '',
    secret: true,
  }),
  agent_feed_interval_ms: Type.Integer({
    description: 'How often what changed in the catalogue is sent to that feed, in milliseconds.',
    default: 10_000,
    minimum: 10,
    maximum: 2 ** 31 - 1,
  }),
  agent_feed_sweep_minutes: Type.Integer({
    description: 'How often the whole catalogue is compared with what was sent, in minutes.',
    default: 60,
    minimum: 1,
    maximum: 10_080,
  }),
}
