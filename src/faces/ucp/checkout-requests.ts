import type { AgentBuyer, CompleteSession, CreateSession } from '#modules/agentic'
import { addressFrom } from './addresses.ts'
import { UcpFault } from './fault.ts'
import { VERSION } from './profile.ts'
import type { Checkout, Destination, Method, Payment } from './requests.ts'

/** What the platform said of the way, as it is kept beside the session and told again. */
export type Said = { destinations: Destination[]; selected_destination_id: string | null }

const SAID = 'ucp'

type Whole = {
  [K in
    | 'buyer'
    | 'fulfillment_details'
    | 'selected'
    | 'codes'
    | 'metadata'
    | 'extensions']: Exclude<CreateSession[K], undefined>
}

/** A checkout as the platform wants it: what it leaves out is not there any more. */
export function wholeOf(checkout: Checkout): Whole {
  const buyer = checkout.buyer ?? null
  const method = checkout.fulfillment?.methods?.find(
    ({ type }) => (type ?? 'shipping') === 'shipping',
  )
  const { said, selected } = wayOf(method)
  const going = said.destinations.find(({ id }) => id === said.selected_destination_id)
  const address = going && addressFrom(going, buyer)
  return {
    buyer,
    fulfillment_details: address
      ? { address, name: address.name, phone_number: going?.phone_number ?? null }
      : null,
    selected,
    codes: checkout.discounts?.codes ?? [],
    metadata: said.destinations.length > 0 ? { [SAID]: said } : null,
    extensions: ['discount'],
  }
}

/** What was said of the way when the session was last written. */
export function saidIn(metadata: Record<string, unknown> | null): Said {
  return (
    (metadata?.[SAID] as Said | undefined) ?? { destinations: [], selected_destination_id: null }
  )
}

/** Where it goes and how: a destination without a name is given one, and a single one is meant. */
function wayOf(method: Method | undefined): { said: Said; selected: Whole['selected'] } {
  const destinations = (method?.destinations ?? []).map((destination, nth) => ({
    ...destination,
    id: destination.id ?? `destination_${nth + 1}`,
  }))
  const only = destinations.length === 1 ? (destinations[0]?.id ?? null) : null
  const selected_destination_id = method?.selected_destination_id ?? only
  const options = (method?.groups ?? []).flatMap(({ selected_option_id }) =>
    selected_option_id ? [selected_option_id] : [],
  )
  const line_ids = method?.line_item_ids ?? []
  return {
    said: { destinations, selected_destination_id },
    selected: options.map((option_id) => ({ kind: 'shipping' as const, option_id, line_ids })),
  }
}

/** A new session. `currency` is what the shop makes of the buyer's wish. */
export function createFrom(checkout: Checkout, items: CreateSession['items']): CreateSession {
  const { context, attribution } = checkout
  return {
    items,
    ...wholeOf(checkout),
    currency: context?.currency?.toUpperCase() ?? null,
    locale: context?.language ?? null,
    attribution: attribution ?? null,
    protocol: `ucp/${VERSION}`,
  }
}

/** How it is paid: by the instrument that is selected, else by the only one. */
export function paymentFrom(
  payment: Payment,
  buyer: AgentBuyer | null,
): NonNullable<CompleteSession['payment']> {
  const { instruments = [] } = payment
  const chosen = instruments.find(({ selected }) => selected) ?? instruments[0]
  const token = chosen?.credential?.token
  if (!token) {
    const content = 'payment.instruments: select one with a credential that has a token.'
    throw new UcpFault(400, 'invalid_request', content)
  }
  const billing = chosen.billing_address && addressFrom(chosen.billing_address, buyer)
  return { token, handler_id: chosen.handler_id ?? null, billing_address: billing ?? null }
}
