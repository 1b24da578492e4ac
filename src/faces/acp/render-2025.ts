import type { AgentSession } from '#modules/agentic'
import type { Settings } from '#platform/config/settings'
import { authenticationOf, isAtPage } from './authentication.ts'
import { paramIn } from './errors.ts'
import { plainDetails } from './people.ts'
import { type AcpVersion, since } from './versions.ts'
import { imagesOf, optionTotals, type TotalEntry, totalsOf, whole } from './words.ts'

type Line = AgentSession['lines'][number]
type Message = AgentSession['messages'][number]

/** A session as 2025-09-29, 2025-12-12 and 2026-01-16 show it: flat lines, one payment provider. */
export function renderEarly(session: AgentSession, version: AcpVersion, settings: Settings) {
  const isFirst = version === '2025-09-29'
  const { fulfillment_details: details } = session
  return whole({
    id: session.id,
    buyer: buyerOf(session.buyer),
    payment_provider: providerOf(version, settings),
    status: statusOf(session, isFirst),
    currency: session.currency.toLowerCase(),
    line_items: session.lines.map((line) => lineOf(line, isFirst)),
    ...(isFirst
      ? {
          fulfillment_address: details?.address ? addressOf(details.address) : null,
          fulfillment_option_id: optionOf(session),
        }
      : {
          fulfillment_details: details ? withoutCompany(plainDetails(details)) : null,
          selected_fulfillment_options: session.selected.map(choiceOf),
        }),
    fulfillment_options: session.fulfillment_options.map((option) => wayOf(option, version)),
    totals: totalsOf(session.totals, session.currency).map((total) => totalOf(total, isFirst)),
    messages: session.messages.map((message) => messageOf(message, version)),
    links: session.links.map(({ type, url }) => ({ type: linkType(type, isFirst), url })),
    authentication_metadata: isFirst ? null : authenticationOf(session, { version, settings }),
    order: session.order && {
      id: session.order.id,
      checkout_session_id: session.id,
      permalink_url: session.order.permalink_url,
    },
  })
}

/** Newer states in the words that these versions know. */
function statusOf(session: AgentSession, isFirst: boolean) {
  const { status } = session
  if (status === 'expired') return 'canceled'
  if (status === 'complete_in_progress') return 'in_progress'
  if (status !== 'authentication_required') return status
  return isFirst || isAtPage(session) ? 'not_ready_for_payment' : status
}

/** A buyer has three words here; who is known by fewer cannot be shown. */
function buyerOf(buyer: AgentSession['buyer']) {
  const [first = '', ...rest] = buyer?.full_name?.split(/\s+/) ?? []
  const first_name = buyer?.first_name ?? first
  const last_name = buyer?.last_name ?? rest.join(' ')
  if (!buyer?.email || !first_name || !last_name) return null
  return whole({ first_name, last_name, email: buyer.email, phone_number: buyer.phone_number })
}

/** The schemas know Stripe alone; what takes our tokens is told by that name. */
function providerOf(version: AcpVersion, { merchant_id, payment_provider }: Settings) {
  if (payment_provider === 'none') return null
  const provider = 'stripe'
  if (version === '2025-09-29') return { provider, supported_payment_methods: ['card'] }
  const supported_card_networks = ['visa', 'mastercard', 'amex', 'discover']
  const card = { type: 'card', supported_card_networks }
  const isLater = since(version, '2026-01-16')
  return { provider, ...(isLater && { merchant_id }), supported_payment_methods: [card] }
}

const lineOf = (line: Line, isFirst: boolean) => ({
  id: line.id,
  item: { id: line.item_id, quantity: line.quantity },
  base_amount: line.base_amount,
  discount: line.discount_amount,
  subtotal: line.subtotal_amount,
  tax: line.total_amount - line.subtotal_amount,
  total: line.total_amount,
  ...(!isFirst && { name: line.name, unit_amount: line.unit_amount, ...imagesOf(line) }),
})

type Shown = { company?: string | null }

const addressOf = (
  address: NonNullable<NonNullable<AgentSession['fulfillment_details']>['address']>,
) => {
  const { company: _, ...known } = whole(address) as Shown & object
  return known
}

const withoutCompany = ({ address, ...details }: { address?: object }) => {
  if (!address) return details
  const { company: _, ...known } = address as Shown
  return { ...details, address: known }
}

const optionOf = ({ selected }: AgentSession) =>
  (selected.find(({ kind }) => kind === 'shipping') ?? selected[0])?.option_id ?? null

const choiceOf = ({ kind, option_id, line_ids }: AgentSession['selected'][number]) => ({
  type: kind,
  [kind]: { option_id, item_ids: line_ids },
})

function wayOf(option: AgentSession['fulfillment_options'][number], version: AcpVersion) {
  const { id, kind: type, title, amount } = option
  const times =
    type === 'shipping'
      ? {
          earliest_delivery_time: option.earliest_delivery,
          latest_delivery_time: option.latest_delivery,
        }
      : {}
  const money = since(version, '2026-01-16')
    ? { totals: optionTotals(amount) }
    : { subtotal: amount, tax: 0, total: amount }
  return whole({ type, id, title, ...times, ...money })
}

const totalOf = ({ type, display_text, amount, description }: TotalEntry, isFirst: boolean) =>
  whole({ type, display_text, amount, description: isFirst ? undefined : description })

/** The six errors that these versions know. */
const ERRORS = new Set([
  'missing',
  'invalid',
  'out_of_stock',
  'payment_declined',
  'requires_sign_in',
  'requires_3ds',
])
const NEAREST: Record<string, string> = { quantity_exceeded: 'out_of_stock' }

function messageOf({ type, code, param, content }: Message, version: AcpVersion) {
  const told = { param: param && inAnswer(param, version), content_type: 'plain', content }
  if (type !== 'error') return whole({ type: 'info', ...told })
  const known = code && ERRORS.has(code) ? code : (NEAREST[code ?? ''] ?? 'invalid')
  return whole({ type, code: known, ...told })
}

/** Sessions call their lines `line_items` in every version; only requests had `items`. */
const inAnswer = (param: string, version: AcpVersion) =>
  param.startsWith('$.line_items') ? param : paramIn(version, param)

const linkType = (type: string, isFirst: boolean) =>
  isFirst && type === 'return_policy' ? 'seller_shop_policies' : type
