import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Email } from '#modules/access'
import type { CompleteSession, CreateSession, UpdateSession } from '#modules/agentic'
import { browserOf } from './browser.ts'
import { HANDLER_ID } from './handlers.ts'
import { buyerOf, itemsOf, resultOf } from './parsing.ts'
import {
  Address,
  Attribution,
  authenticationResult,
  Details,
  Items,
  or,
  readerOf,
  text,
} from './reading.ts'
import { invalid } from './refusals.ts'
import { wholeDetails } from './requests-2025.ts'
import type { AcpVersion } from './versions.ts'

// Requests of 2026-01-30 and 2026-04-17, which differ in nothing that is read here but in the
// marketing consents and the notes of the later one.

const Company = Type.Object({
  name: text(200, 1),
  tax_id: Type.Optional(text(100)),
  department: Type.Optional(text(200)),
  cost_center: Type.Optional(text(100)),
})
const Loyalty = Type.Object({
  tier: Type.Optional(text(100)),
  points_balance: Type.Optional(Type.Integer()),
  member_since: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
})
const Exemption = Type.Object({
  certificate_id: text(200, 1),
  certificate_type: Type.Enum(['resale', 'exempt_organization', 'government']),
  exempt_regions: Type.Optional(Type.Array(text(100), { maxItems: 100 })),
  expires_at: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
})
/** What these versions know of a buyer beyond names; it is the agent's word, and only echoed. */
const profile = {
  customer_id: Type.Optional(text(200)),
  account_type: Type.Optional(Type.Enum(['guest', 'registered', 'business'])),
  authentication_status: Type.Optional(Type.Enum(['authenticated', 'guest', 'requires_signin'])),
  company: Type.Optional(Company),
  loyalty: Type.Optional(Loyalty),
  tax_exemption: Type.Optional(Exemption),
}
export const Buyer = Type.Object({
  email: Email,
  first_name: or(text(100)),
  last_name: or(text(100)),
  full_name: or(text(256)),
  phone_number: or(text(40)),
  ...profile,
})
export type Buyer = Static<typeof Buyer>

const Capabilities = Type.Object({
  interventions: or(Type.Object({ supported: or(Type.Array(text(60), { maxItems: 20 })) })),
  extensions: or(
    Type.Array(Type.Union([text(120), Type.Object({ name: text(120) })]), { maxItems: 50 }),
  ),
})
const KINDS = Type.Enum(['shipping', 'digital', 'pickup', 'local_delivery'])
const ids = Type.Array(text(200, 1), { maxItems: 500 })
const codes = Type.Array(text(60, 1), { maxItems: 10 })
const wishes = {
  buyer: or(Buyer),
  fulfillment_details: or(Details),
  fulfillment_groups: or(
    Type.Array(
      Type.Object({
        id: text(200, 1),
        item_ids: ids,
        destination_type: KINDS,
        fulfillment_details: or(Details),
        location_id: or(text(200)),
        instructions: or(text(1000)),
      }),
      { maxItems: 100 },
    ),
  ),
  discounts: or(Type.Object({ codes: or(codes) })),
  coupons: or(codes),
  order_notes: or(text(5000)),
}
const Create = Type.Object({
  line_items: Items,
  currency: Type.String({ pattern: '^[A-Za-z]{3}$' }),
  capabilities: Capabilities,
  ...wishes,
  affiliate_attribution: or(Attribution),
  locale: or(text(35)),
  timezone: or(text(64)),
  quote_id: or(text(200)),
  metadata: or(Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 50 })),
})
const Update = Type.Object({
  line_items: Type.Optional(Items),
  ...wishes,
  capabilities: or(Capabilities),
  selected_fulfillment_options: or(
    Type.Array(Type.Object({ type: KINDS, option_id: text(200, 1), item_ids: ids }), {
      maxItems: 100,
    }),
  ),
})
const Credential = Type.Object({ type: text(60, 1), token: text(255, 1) })
const Complete = Type.Object({
  buyer: or(Buyer),
  payment_data: Type.Object({
    handler_id: or(text(200)),
    instrument: or(Type.Object({ type: text(60, 1), credential: Credential })),
    billing_address: or(Address),
    purchase_order_number: or(text(200)),
  }),
  authentication_result: or(
    authenticationResult([
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
  ),
  affiliate_attribution: or(Attribution),
  risk_signals: or(
    Type.Object({
      ip_address: or(text(45)),
      user_agent: or(text(2000)),
      accept_language: or(text(500)),
    }),
  ),
  marketing_consents: or(
    Type.Array(Type.Object({ channel: text(60, 1), opted_in: Type.Boolean() }), { maxItems: 20 }),
  ),
  order_notes: or(text(5000)),
})
const read = { create: readerOf(Create), update: readerOf(Update), complete: readerOf(Complete) }

export function readCreate(body: unknown, version: AcpVersion): CreateSession {
  const input = read.create(body)
  const { currency, affiliate_attribution, locale, timezone, quote_id, metadata } = input
  return {
    items: itemsOf(input.line_items, '$.line_items'),
    currency,
    protocol: `acp/${version}`,
    ...wishesOf(input),
    ...capabilitiesOf(input.capabilities),
    ...(affiliate_attribution && { attribution: affiliate_attribution }),
    ...(locale && { locale }),
    ...(timezone && { timezone }),
    ...(quote_id && { quote_id }),
    ...(metadata && { metadata }),
  }
}

export function readUpdate(body: unknown, _version: AcpVersion): Omit<UpdateSession, 'id'> {
  const input = read.update(body)
  const { line_items, selected_fulfillment_options: options, capabilities } = input
  return {
    ...(line_items && { items: itemsOf(line_items, '$.line_items') }),
    ...wishesOf(input),
    ...(capabilities && capabilitiesOf(capabilities)),
    ...(options !== undefined && {
      selected: (options ?? []).map(({ type, option_id, item_ids }) => ({
        kind: type,
        option_id,
        line_ids: item_ids,
      })),
    }),
  }
}

type Sent = { version: AcpVersion; request: Pick<FastifyRequest, 'headers' | 'ip'> }

export function readComplete(
  body: unknown,
  { version, request }: Sent,
): Omit<CompleteSession, 'id'> {
  const input = read.complete(body)
  const { buyer, affiliate_attribution, marketing_consents, order_notes } = input
  return {
    payment: paymentOf(input.payment_data),
    ...(buyer && { buyer: wholeBuyer(buyer) }),
    authentication_result: resultOf(input.authentication_result),
    browser: browserOf(request, input.risk_signals ?? {}),
    ...(affiliate_attribution && { attribution: affiliate_attribution }),
    ...(version === '2026-04-17' && marketing_consents && { consents: marketing_consents }),
    ...(order_notes && { order_notes }),
  }
}

const PAYMENT = '$.payment_data'

function paymentOf({
  handler_id,
  instrument,
  billing_address,
  purchase_order_number,
}: Static<typeof Complete>['payment_data']) {
  if (purchase_order_number) {
    const param = `${PAYMENT}.purchase_order_number`
    throw invalid(param, 'Purchase orders are not taken here.', 'unsupported')
  }
  if (!handler_id) throw invalid(`${PAYMENT}.handler_id`, 'handler_id is required.', 'missing')
  if (handler_id !== HANDLER_ID) {
    throw invalid(`${PAYMENT}.handler_id`, 'This handler was not offered.')
  }
  if (!instrument) throw invalid(`${PAYMENT}.instrument`, 'instrument is required.', 'missing')
  const { token } = instrument.credential
  return { token, handler_id, ...(billing_address && { billing_address }) }
}

type Wishes = Pick<
  Static<typeof Create>,
  'buyer' | 'fulfillment_details' | 'fulfillment_groups' | 'discounts' | 'coupons' | 'order_notes'
>

function wishesOf({
  buyer,
  fulfillment_details,
  fulfillment_groups,
  order_notes,
  ...input
}: Wishes) {
  const codes = codesOf(input)
  return {
    ...(buyer !== undefined && { buyer: buyer && wholeBuyer(buyer) }),
    ...(fulfillment_details !== undefined && {
      fulfillment_details: fulfillment_details && wholeDetails(fulfillment_details),
    }),
    ...(fulfillment_groups !== undefined && { groups: (fulfillment_groups ?? []).map(groupOf) }),
    ...(codes !== undefined && { codes }),
    ...(order_notes !== undefined && { order_notes }),
  }
}

/** `coupons` is the old name; null clears, and so does an empty list. */
function codesOf({ discounts, coupons }: Pick<Wishes, 'discounts' | 'coupons'>) {
  if (discounts === undefined) return coupons
  return discounts?.codes === undefined && discounts ? undefined : (discounts?.codes ?? null)
}

type Group = NonNullable<Wishes['fulfillment_groups']>[number]

const groupOf = ({ id, item_ids, destination_type, ...group }: Group) => ({
  id,
  line_ids: item_ids,
  kind: destination_type,
  ...(group.fulfillment_details && { details: wholeDetails(group.fulfillment_details) }),
  ...(group.location_id && { location_id: group.location_id }),
  ...(group.instructions && { instructions: group.instructions }),
})

/** A buyer with what only these versions know of them. */
export function wholeBuyer(buyer: Buyer) {
  const known = Object.keys(profile) as (keyof typeof profile)[]
  const told = known.flatMap((name) => (buyer[name] === undefined ? [] : [[name, buyer[name]]]))
  return buyerOf(buyer, Object.fromEntries(told))
}

const capabilitiesOf = ({ interventions, extensions }: Static<typeof Capabilities>) => ({
  interventions: interventions?.supported ?? [],
  extensions: (extensions ?? []).map((one) => (typeof one === 'string' ? one : one.name)),
})
