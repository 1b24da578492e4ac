import type { AgentSession } from '#modules/agentic'
import type { Settings } from '#platform/config/settings'
import { authenticationOf, isAtPage } from './authentication.ts'
import { handlersOf } from './handlers.ts'
import { plainBuyer, plainDetails } from './people.ts'
import { type AcpVersion, since } from './versions.ts'
import { imagesOf, lineTotals, optionTotals, totalsOf, whole } from './words.ts'

type Line = AgentSession['lines'][number]
type Message = AgentSession['messages'][number]

/** A session as 2026-01-30 and 2026-04-17 show it. */
export function renderLate(session: AgentSession, version: AcpVersion, settings: Settings) {
  const isLatest = since(version, '2026-04-17')
  const { fulfillment_details: details } = session
  return whole({
    id: session.id,
    protocol: { version },
    capabilities: capabilitiesOf(session, version, settings),
    buyer: plainBuyer(session.buyer),
    status: isAtPage(session) ? 'requires_escalation' : session.status,
    continue_url: isAtPage(session) ? session.authentication?.url : null,
    currency: session.currency.toLowerCase(),
    locale: session.locale,
    timezone: session.timezone,
    line_items: session.lines.map(lineOf),
    fulfillment_details: details && detailsOf(details, isLatest),
    fulfillment_options: session.fulfillment_options.map(wayOf),
    selected_fulfillment_options: session.selected.map(({ kind, option_id, line_ids }) => ({
      type: kind,
      option_id,
      item_ids: line_ids,
    })),
    fulfillment_groups: session.groups.length > 0 ? session.groups.map(groupOf(isLatest)) : null,
    totals: totalsOf(session.totals, session.currency),
    messages: session.messages.map((message) => messageOf(message, isLatest)),
    links: session.links.map(whole),
    authentication_metadata: authenticationOf(session, { version, settings }),
    created_at: session.created_at,
    updated_at: session.updated_at,
    expires_at: session.expires_at,
    metadata: session.metadata,
    quote_id: session.quote_id,
    discounts: discountsOf(session),
    marketing_consent_options:
      isLatest && session.consent_options.length > 0 ? session.consent_options : null,
    order: session.order && orderOf(session, isLatest),
  })
}

/** Both sides' interventions and extensions, and how it can be paid; in every answer. */
function capabilitiesOf(session: AgentSession, version: AcpVersion, settings: Settings) {
  const { interventions, extensions } = session
  return {
    payment: { handlers: handlersOf(settings, version) },
    interventions: { supported: interventions, required: [], enforcement: 'conditional' },
    ...(extensions.length > 0 && {
      extensions: extensions.map((name) => ({
        name,
        extends: ['$.CheckoutSession.discounts', '$.CheckoutSessionCreateRequest.discounts'],
      })),
    }),
  }
}

export function lineOf(line: Line) {
  const { weight_grams, available_quantity, options } = line
  return whole({
    id: line.id,
    item: { id: line.item_id, name: line.name, unit_amount: line.unit_amount },
    quantity: line.quantity,
    name: line.name,
    ...imagesOf(line),
    unit_amount: line.unit_amount,
    product_id: line.product_id,
    sku: line.sku,
    variant_id: line.variant_id,
    weight: weight_grams === null ? null : { value: weight_grams, unit: 'g' },
    availability_status: line.availability,
    available_quantity,
    variant_options: options.length > 0 ? options : null,
    totals: lineTotals(line),
  })
}

type Details = NonNullable<AgentSession['fulfillment_details']>

function detailsOf(details: Details, isLatest: boolean) {
  const { address, ...shown } = plainDetails(details)
  if (!address) return shown
  const { company, ...known } = address
  // New in 2026-04-17.
  return { ...shown, address: isLatest && company ? { ...known, company } : known }
}

const groupOf = (isLatest: boolean) => (group: AgentSession['groups'][number]) =>
  whole({
    id: group.id,
    item_ids: group.line_ids,
    destination_type: group.kind,
    fulfillment_details: group.details && detailsOf(group.details, isLatest),
    location_id: group.location_id,
    instructions: group.instructions,
  })

function wayOf(option: AgentSession['fulfillment_options'][number]) {
  const { id, kind: type, title, amount } = option
  return whole({
    type,
    id,
    title,
    earliest_delivery_time: option.earliest_delivery,
    latest_delivery_time: option.latest_delivery,
    totals: optionTotals(amount),
  })
}

/** Errors that these versions know by the same word; all others are told as the nearest. */
const NEAREST: Record<string, string> = { payment_failed: 'payment_declined' }

export function messageOf({ type, code, param, content, resolution }: Message, isLatest: boolean) {
  const told = whole({
    param,
    content_type: 'plain',
    content,
    resolution: isLatest ? resolution : null,
  })
  if (type === 'info' || !code) return { type: 'info', ...told }
  return { type, code: NEAREST[code] ?? code, ...told }
}

function discountsOf({ discounts, lines, fulfillment_options, selected }: AgentSession) {
  const { codes, applied, rejected } = discounts
  if (codes.length === 0 && applied.length === 0) return null
  const lineAt = new Map(lines.map(({ id }, nth) => [id, `$.line_items[${nth}]`]))
  const chosen = selected.find(({ kind }) => kind === 'shipping')?.option_id
  const way = fulfillment_options.findIndex(({ id }) => id === chosen)
  const pathOf = (line_id: string | null) =>
    (line_id && lineAt.get(line_id)) || `$.fulfillment_options[${Math.max(0, way)}]`
  return {
    codes,
    applied: applied.map(({ id, code, label, amount, allocations }, nth) =>
      whole({
        id,
        code,
        coupon: { id, name: label },
        amount,
        automatic: code === null,
        method: 'across',
        priority: nth + 1,
        allocations: allocations.map((one) => ({ path: pathOf(one.line_id), amount: one.amount })),
      }),
    ),
    rejected: rejected.map(({ code, reason, explanation }) => ({
      code,
      reason,
      message: `${explanation}.`,
    })),
  }
}

/** The order as the session that it came from tells it; what becomes of it is told by webhooks. */
function orderOf(session: AgentSession, isLatest: boolean) {
  const { order, lines } = session
  if (!order) return null
  const known = {
    id: order.id,
    checkout_session_id: session.id,
    order_number: order.number,
    permalink_url: order.permalink_url,
    status: order.status,
    confirmation: { confirmation_number: order.number },
  }
  if (!isLatest) return known
  return {
    type: 'order',
    ...known,
    line_items: lines.map((line) => ({
      id: line.id,
      title: line.name,
      ...(line.product_id && { product_id: line.product_id }),
      quantity: { ordered: line.quantity, current: line.quantity, fulfilled: 0 },
      unit_price: line.unit_amount,
      subtotal: line.subtotal_amount,
      status: 'processing',
    })),
    totals: totalsOf(session.totals, session.currency),
  }
}
