import { Type } from 'typebox'
import { Email } from '#modules/access'
import type { CompleteSession, CreateSession, UpdateSession } from '#modules/agentic'
import { buyerOf, itemsOf, resultOf, said } from './parsing.ts'
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
import type { AcpVersion } from './versions.ts'

// Requests of 2025-09-29, 2025-12-12 and 2026-01-16. The second brought `fulfillment_details`,
// chosen options by kind, attribution and 3-D Secure; what a version does not know is not read.

const Buyer = Type.Object({
  first_name: text(100, 1),
  last_name: text(100, 1),
  email: Email,
  phone_number: or(text(40)),
})
const Choice = Type.Object({ option_id: text(200, 1), item_ids: Type.Array(text(200, 1)) })
const Choices = Type.Array(
  Type.Object({
    type: Type.Enum(['shipping', 'digital']),
    shipping: or(Choice),
    digital: or(Choice),
  }),
  { maxItems: 100 },
)
const Payment = Type.Object({
  token: text(255, 1),
  provider: Type.Enum(['stripe']),
  billing_address: or(Address),
})
const Outcomes = {
  '2025-12-12': [
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
  ],
  '2026-01-16': ['authenticated', 'failed', 'unavailable', 'rejected', 'attempt'],
}

const wishes = {
  buyer: or(Buyer),
  fulfillment_address: or(Address),
  fulfillment_details: or(Details),
}
const create = readerOf(
  Type.Object({ items: Items, ...wishes, affiliate_attribution: or(Attribution) }),
)
const update = readerOf(
  Type.Object({
    items: Type.Optional(Items),
    ...wishes,
    fulfillment_option_id: or(text(200)),
    selected_fulfillment_options: or(Choices),
  }),
)
const payment = { buyer: or(Buyer), payment_data: Payment, affiliate_attribution: or(Attribution) }
const complete = {
  '2025-09-29': readerOf(Type.Object(payment)),
  '2025-12-12': readerOf(completing(Outcomes['2025-12-12'])),
  '2026-01-16': readerOf(completing(Outcomes['2026-01-16'])),
}

function completing(outcomes: readonly string[]) {
  const authentication_result = or(authenticationResult(outcomes))
  return Type.Object({ ...payment, authentication_result })
}

export function readCreate(body: unknown, version: AcpVersion): CreateSession {
  const { items, buyer, affiliate_attribution, ...to } = create(body)
  return {
    items: itemsOf(items, '$.items'),
    protocol: `acp/${version}`,
    ...(buyer && { buyer: buyerOf(buyer) }),
    ...detailsOf(to, version),
    ...(version !== '2025-09-29' &&
      affiliate_attribution && { attribution: affiliate_attribution }),
    // Versions before the negotiation: whoever knows a result of 3-D Secure can bring it.
    interventions: version === '2025-09-29' ? [] : ['3ds'],
  }
}

export function readUpdate(body: unknown, version: AcpVersion): Omit<UpdateSession, 'id'> {
  const { items, buyer, fulfillment_option_id, selected_fulfillment_options, ...to } = update(body)
  return {
    ...(items && { items: itemsOf(items, '$.items') }),
    ...(buyer !== undefined && { buyer: buyer && buyerOf(buyer) }),
    ...detailsOf(to, version),
    ...(version === '2025-09-29'
      ? onlyOption(fulfillment_option_id)
      : chosen(selected_fulfillment_options)),
  }
}

export function readComplete(body: unknown, version: AcpVersion): Omit<CompleteSession, 'id'> {
  const read = complete[version as keyof typeof complete]
  const { payment_data, buyer, affiliate_attribution, ...more } = read(body)
  const { token, billing_address } = payment_data
  const result = 'authentication_result' in more ? more.authentication_result : null
  return {
    payment: { token, ...(billing_address && { billing_address }) },
    ...(buyer && { buyer: buyerOf(buyer) }),
    authentication_result: resultOf(result as never),
    ...(version !== '2025-09-29' &&
      affiliate_attribution && { attribution: affiliate_attribution }),
  }
}

type To = {
  fulfillment_address?: Address | null
  fulfillment_details?: Details | null
}

function detailsOf({ fulfillment_address, fulfillment_details }: To, version: AcpVersion) {
  if (version === '2025-09-29') {
    if (fulfillment_address === undefined) return {}
    return { fulfillment_details: fulfillment_address && { address: fulfillment_address } }
  }
  if (fulfillment_details === undefined) return {}
  return { fulfillment_details: fulfillment_details && wholeDetails(fulfillment_details) }
}

/** Details without their empty members. */
export const wholeDetails = ({ address, name, phone_number, email }: Details) => ({
  ...said({ name, phone_number, email }),
  ...(address && { address }),
})

/** The one option of 2025-09-29: which kind it is, its name says. */
function onlyOption(option_id: string | null | undefined) {
  if (option_id === undefined) return {}
  if (!option_id) return { selected: null }
  const kind = option_id === 'digital' ? ('digital' as const) : ('shipping' as const)
  return { selected: [{ kind, option_id, line_ids: [] }] }
}

type Chosen = { type: 'shipping' | 'digital'; shipping?: One | null; digital?: One | null }
type One = { option_id: string; item_ids: string[] }

function chosen(options: Chosen[] | null | undefined) {
  if (options === undefined) return {}
  const selected = (options ?? []).flatMap((option) => {
    const one = option[option.type]
    return one ? [{ kind: option.type, option_id: one.option_id, line_ids: one.item_ids }] : []
  })
  return { selected }
}
