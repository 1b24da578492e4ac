import type { AgentAddress, AgentSession, CreateSession, UpdateSession } from '#modules/agentic'
import { dialectErrors } from './errors.ts'
import type { Complete, Create, DialectAddress, Update } from './schemas.ts'

type Said = Pick<Update, 'customer' | 'fulfillment'>
type Wanted = Pick<UpdateSession, 'buyer' | 'fulfillment_details' | 'selected'>

/** What a create means to the core. */
export function createInput(body: Create): CreateSession {
  if (body.items.length === 0) throw dialectErrors.no_items()
  const ids = body.items.map(({ id }) => id)
  return { protocol: 'dialect-a', items: body.items, ...wanted(body, { ids, hasAddress: false }) }
}

/** What an update means to the core, for a session as it is now. */
export function updateInput(body: Update, session: AgentSession): UpdateSession {
  if (body.items?.length === 0) throw dialectErrors.no_items()
  const { items } = body
  const ids = items?.map(({ id }) => id) ?? shippedIds(session)
  const hasAddress = Boolean(session.fulfillment_details?.address)
  return { id: session.id, ...(items && { items }), ...wanted(body, { ids, hasAddress }) }
}

/** What a complete pays with; refused if it names nothing. */
export function paymentToken({ payment }: Complete): string {
  const token = payment.delegated_token || payment.method
  if (!token) throw dialectErrors.no_payment()
  return token
}

const shippedIds = ({ lines }: AgentSession): string[] =>
  lines.filter(({ requires_shipping }) => requires_shipping).map(({ id }) => id)

type Known = { ids: readonly string[]; hasAddress: boolean }

function wanted({ customer, fulfillment }: Said, { ids, hasAddress }: Known): Wanted {
  const to = customer?.shipping_address
  const payer = to ?? customer?.billing_address
  const option_id = fulfillment?.selected_id
  // Without an address nothing is offered yet, so nothing can be chosen.
  const chosen = option_id && (to || hasAddress)
  return {
    ...(payer && { buyer: buyerOf(payer) }),
    ...(to && { fulfillment_details: detailsOf(to) }),
    ...(chosen && { selected: [{ kind: 'shipping', option_id, line_ids: [...ids] }] }),
  }
}

const buyerOf = ({ name, email, phone }: DialectAddress) => ({
  ...(email && { email }),
  ...(name && { full_name: name }),
  ...(phone && { phone_number: phone }),
})

const detailsOf = (address: DialectAddress) => ({
  ...(address.name && { name: address.name }),
  ...(address.email && { email: address.email }),
  ...(address.phone && { phone_number: address.phone }),
  address: addressOf(address),
})

/** An address in the words of the core. */
export const addressOf = (address: DialectAddress): AgentAddress => ({
  name: address.name || 'Customer',
  line_one: address.line1,
  ...(address.line2 && { line_two: address.line2 }),
  city: address.city,
  state: address.region ?? '',
  postal_code: address.postal_code,
  country: address.country,
})
