import { type Static, type TSchema, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency, CurrencyInput } from '#kit/money'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { agentSessionLifecycle } from './lifecycle.ts'
import { Applied, Option, Rejected, SessionLine, SessionMessage, Totals } from './parts.ts'

const or = <T extends TSchema>(schema: T) => Type.Optional(Nullable(schema))
const word = (max: number) => or(Text(max))

/** Where a parcel or a bill goes, in the words that all agent protocols share. */
export const AgentAddress = Type.Object({
  name: Text(256),
  company: word(200),
  line_one: Text(200),
  line_two: word(200),
  city: Text(100),
  state: Type.String({ maxLength: 100, description: 'Empty where a country has none.' }),
  postal_code: Text(20),
  country: Type.String({
    pattern: '^[A-Za-z]{2}$',
    description: 'ISO 3166-1, two letters.',
    examples: ['US'],
  }),
})
export type AgentAddress = Static<typeof AgentAddress>

/** Who buys, as their agent says. `profile` is what only some protocols know; it is echoed. */
export const AgentBuyer = Type.Object({
  email: or(Type.String({ format: 'email', maxLength: 254 })),
  first_name: word(100),
  last_name: word(100),
  full_name: word(256),
  phone_number: word(40),
  profile: or(Type.Record(Type.String({ maxLength: 60 }), Type.Unknown(), { maxProperties: 20 })),
})
export type AgentBuyer = Static<typeof AgentBuyer>

/** Who is to receive it, and where. */
export const FulfillmentDetails = Type.Object({
  name: word(256),
  phone_number: word(40),
  email: word(254),
  address: or(AgentAddress),
})
export type FulfillmentDetails = Static<typeof FulfillmentDetails>

/** One way of fulfilment that was chosen for some of the lines. */
export const Selection = Type.Object({
  kind: Type.Enum(['shipping', 'digital', 'pickup', 'local_delivery']),
  option_id: Text(200),
  /** Ids of lines; a request may name the articles instead. */
  line_ids: Type.Array(Text(200), { maxItems: 500 }),
})
export type Selection = Static<typeof Selection>

export const Group = Type.Object({
  id: Text(200),
  line_ids: Type.Array(Text(200), { maxItems: 500 }),
  kind: Selection.properties.kind,
  details: or(FulfillmentDetails),
  location_id: word(200),
  instructions: or(LongText(1000)),
})
export type Group = Static<typeof Group>

/** What the agent keeps beside a session. Nothing here reads it. */
export const SessionMetadata = Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), {
  maxProperties: 50,
  description: 'At most 8,000 characters, printed.',
})

/** The order of a completed session. */
export const SessionOrder = Type.Object({
  id: IdSchema('order'),
  number: Type.String({ examples: ['ORD-1000001'] }),
  permalink_url: Type.String({ format: 'uri' }),
  status: Type.String(),
  placed_at: Instant,
})

/** A payer's browser, which 3-D Secure of some protocols is told of. */
export const PayerBrowser = Type.Object({
  accept_header: Type.String({ maxLength: 2000 }),
  ip_address: Type.String({ maxLength: 45 }),
  language: Type.String({ maxLength: 35, description: 'BCP 47.', examples: ['en-US'] }),
  user_agent: Type.String({ maxLength: 2000 }),
})
export type PayerBrowser = Static<typeof PayerBrowser>

/**
 * What a payer must do before a payment can go on: their agent has them authenticated and brings
 * the `authentication_result`, where the acquirer is told; else they visit `url` in a browser.
 */
export const Authentication = Type.Object({
  kind: Type.Literal('3ds'),
  url: Nullable(Type.String()),
  acquirer: Nullable(
    Type.Object({
      bin: Type.String(),
      directory_server: Type.Enum(['american_express', 'mastercard', 'visa']),
    }),
  ),
  /** As the completion told of it; null where it did not. */
  browser: Nullable(PayerBrowser),
})
export type Authentication = Static<typeof Authentication>

/** A channel of marketing that the buyer is asked about, and its wording. */
export const ConsentOption = Type.Object({
  channel: Type.String(),
  display_text: Type.String(),
  privacy_policy_url: Type.String({ format: 'uri' }),
  is_subscribed: Type.Boolean(),
})

/**
 * A purchase that an agent makes for a buyer: the one model that every agent protocol is rendered
 * from. Amounts are minor units of `currency`; what the agent told us and may not be told again
 * (payment tokens, attribution, risk signals, traces) is not in it.
 */
export const AgentSession = Type.Object({
  id: IdSchema('agent_session'),
  status: agentSessionLifecycle.schema,
  currency: Currency,
  buyer: Nullable(AgentBuyer),
  fulfillment_details: Nullable(FulfillmentDetails),
  lines: Type.Array(SessionLine),
  fulfillment_options: Type.Array(Option),
  selected: Type.Array(Selection),
  groups: Type.Array(Group),
  totals: Totals,
  discounts: Type.Object({
    codes: Type.Array(Type.String()),
    applied: Type.Array(Applied),
    rejected: Type.Array(Rejected),
  }),
  messages: Type.Array(SessionMessage),
  links: Type.Array(
    Type.Object({ type: Type.String(), url: Type.String(), title: Nullable(Type.String()) }),
  ),
  consent_options: Type.Array(ConsentOption),
  interventions: Type.Array(Type.String(), {
    description: 'What agent and shop both understand, such as `3ds`.',
  }),
  extensions: Type.Array(Type.String(), { description: 'Extensions that both sides know.' }),
  authentication: Nullable(Authentication),
  order: Nullable(SessionOrder),
  metadata: Nullable(SessionMetadata),
  locale: Nullable(Type.String()),
  timezone: Nullable(Type.String()),
  quote_id: Nullable(Type.String()),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
  expires_at: Instant,
})
export type AgentSession = Static<typeof AgentSession>

export const Item = Type.Object({
  id: Text(200, { description: 'Id of a variant or a product, or a SKU.' }),
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
})
export type Item = Static<typeof Item>

/** What an agent says, at the beginning or later. A list replaces the one before; null clears. */
const said = {
  buyer: or(AgentBuyer),
  fulfillment_details: or(FulfillmentDetails),
  selected: or(Type.Array(Selection, { maxItems: 100 })),
  groups: or(Type.Array(Group, { maxItems: 100 })),
  codes: or(Type.Array(Text(60), { maxItems: 10 })),
  order_notes: or(LongText(5000)),
  metadata: or(SessionMetadata),
}
const Attribution = Type.Record(Type.String({ maxLength: 60 }), Type.Unknown(), {
  maxProperties: 20,
})

export const CreateSession = Type.Object({
  items: Type.Array(Item, { minItems: 1, maxItems: 500 }),
  currency: or(CurrencyInput),
  ...said,
  locale: word(35),
  timezone: word(64),
  quote_id: word(200),
  interventions: or(Type.Array(Text(60), { maxItems: 20 })),
  extensions: or(Type.Array(Text(120), { maxItems: 50 })),
  attribution: or(Attribution),
  protocol: Text(40, { description: 'The protocol and its version, such as `acp/2026-04-17`.' }),
})
export type CreateSession = Static<typeof CreateSession>

export const GetSession = Type.Object({ id: IdSchema('agent_session') })
export type GetSession = Static<typeof GetSession>

export const UpdateSession = Type.Object({
  id: IdSchema('agent_session'),
  items: Type.Optional(Type.Array(Item, { minItems: 1, maxItems: 500 })),
  ...said,
  interventions: or(Type.Array(Text(60), { maxItems: 20 })),
  extensions: or(Type.Array(Text(120), { maxItems: 50 })),
})
export type UpdateSession = Static<typeof UpdateSession>

/** How an agent pays: a token of the payment provider, or of our own vault (`vt_…`). */
export const AgentPayment = Type.Object({
  token: Text(255),
  handler_id: word(200),
  billing_address: or(AgentAddress),
})
export type AgentPayment = Static<typeof AgentPayment>

export const AuthenticationResult = Type.Object({
  outcome: Type.Enum([
    'abandoned',
    'attempt_acknowledged',
    'authenticated',
    'canceled',
    'denied',
    'informational',
    'internal_error',
    'not_supported',
    'processing_error',
    'rejected',
  ]),
})
export type AuthenticationResult = Static<typeof AuthenticationResult>

export const CompleteSession = Type.Object({
  id: IdSchema('agent_session'),
  payment: or(AgentPayment),
  buyer: or(AgentBuyer),
  authentication_result: or(AuthenticationResult),
  browser: or(PayerBrowser),
  attribution: or(Attribution),
  consents: or(
    Type.Array(Type.Object({ channel: Text(60), opted_in: Type.Boolean() }), { maxItems: 20 }),
  ),
  order_notes: or(LongText(5000)),
  expected_total: Type.Optional(Amount),
})
export type CompleteSession = Static<typeof CompleteSession>

export const CancelSession = Type.Object({
  id: IdSchema('agent_session'),
  intent_trace: or(
    Type.Object({
      reason_code: Text(100),
      trace_summary: or(LongText(500)),
      metadata: or(
        Type.Record(
          Type.String({ maxLength: 100 }),
          Type.Union([Type.String({ maxLength: 1000 }), Type.Number(), Type.Boolean()]),
          { maxProperties: 50 },
        ),
      ),
    }),
  ),
})
export type CancelSession = Static<typeof CancelSession>
