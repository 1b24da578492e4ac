import type { AgentSession, SessionMessage } from '#modules/agentic'
import type { App } from '#platform/app'
import { missingOf, printedBuyer } from './addresses.ts'
import { checkoutMetadata, filled, less, type Message, more, type Total } from './answers.ts'
import { type Said, saidIn } from './checkout-requests.ts'
import type { Platform } from './platform.ts'

const FULFILLMENT = 'dev.ucp.shopping.fulfillment'
const DISCOUNT = 'dev.ucp.shopping.discount'

/** A checkout as the protocol tells it, with what both sides can. */
export function printedCheckout(app: App, platform: Platform, session: AgentSession) {
  const { capabilities } = platform
  const said = saidIn(session.metadata)
  const messages = messagesOf(session, said)
  const status = statusOf(session)
  return {
    ucp: checkoutMetadata(app, platform),
    id: session.id,
    status,
    currency: session.currency,
    line_items: session.lines.map((line) => lineOf(line, session)),
    ...(session.buyer && { buyer: printedBuyer(session.buyer) }),
    totals: totalsOf(session),
    ...(messages.length > 0 && { messages }),
    links: session.links.map(filled),
    expires_at: session.expires_at,
    ...(capabilities.has(FULFILLMENT) && { fulfillment: fulfillmentOf(session, said) }),
    ...(capabilities.has(DISCOUNT) && { discounts: discountsOf(session) }),
    ...(status === 'requires_escalation' && { continue_url: continueUrl(app, session) }),
    ...(status === 'completed' && session.order && { order: orderOf(session.order) }),
  }
}

const STATUSES = {
  not_ready_for_payment: 'incomplete',
  ready_for_payment: 'ready_for_complete',
  authentication_required: 'requires_escalation',
  complete_in_progress: 'complete_in_progress',
  completed: 'completed',
  canceled: 'canceled',
  expired: 'canceled',
} as const

const statusOf = ({ status }: AgentSession) => STATUSES[status]

const orderOf = ({ id, number, permalink_url }: NonNullable<AgentSession['order']>) => ({
  id,
  label: number,
  permalink_url,
})

/** Where a person goes on: to the payer's bank, else to the shop. */
function continueUrl({ settings }: App, { id, authentication }: AgentSession): string {
  if (authentication?.url) return authentication.url
  const shop = settings.shop_url ?? settings.public_url ?? `http://localhost:${settings.port}`
  return `${shop.replace(/\/$/, '')}/checkout/${id}`
}

type Line = AgentSession['lines'][number]

function lineOf(line: Line, { totals }: AgentSession) {
  const { image_url } = line
  const tax = totals.tax_included ? 0 : line.tax_amount
  return {
    id: line.id,
    item: {
      id: line.item_id,
      title: line.name,
      price: line.unit_amount,
      ...(image_url !== null && URL.canParse(image_url) && { image_url }),
    },
    quantity: line.quantity,
    totals: [
      { type: 'subtotal', amount: line.base_amount },
      ...less('items_discount', line.discount_amount),
      ...more('tax', tax),
      { type: 'total', amount: line.total_amount },
    ],
  }
}

/** Entries that add up to the last: what is taken off is negative. */
function totalsOf({ totals, selected }: AgentSession): Total[] {
  const isShipped = selected.some(({ kind }) => kind === 'shipping')
  const shipping = { type: 'fulfillment', display_text: 'Shipping', amount: totals.fulfillment }
  return [
    { type: 'subtotal', display_text: 'Subtotal', amount: totals.items_base },
    ...less('items_discount', totals.items_discount),
    ...less('discount', totals.discount),
    ...(isShipped || totals.fulfillment > 0 ? [shipping] : []),
    ...more('tax', totals.added_tax),
    { type: 'total', display_text: 'Total', amount: totals.total },
  ]
}

const METHOD = 'shipping'
const GROUP = 'package_1'

function fulfillmentOf(session: AgentSession, said: Said) {
  const shipped = session.lines.filter(({ requires_shipping }) => requires_shipping)
  const line_item_ids = shipped.map(({ id }) => id)
  if (line_item_ids.length === 0) return { methods: [] }
  const options = session.fulfillment_options.filter(({ kind }) => kind === 'shipping')
  const chosen = session.selected.find(({ kind }) => kind === 'shipping')?.option_id ?? null
  const group = {
    id: GROUP,
    line_item_ids,
    options: options.map(optionOf),
    selected_option_id: chosen,
  }
  return {
    methods: [
      {
        id: METHOD,
        type: 'shipping',
        line_item_ids,
        destinations: said.destinations.map(filled),
        selected_destination_id: said.selected_destination_id,
        groups: options.length > 0 ? [group] : [],
      },
    ],
  }
}

function optionOf(option: AgentSession['fulfillment_options'][number]) {
  return {
    id: option.id,
    title: option.title,
    ...filled({
      earliest_fulfillment_time: option.earliest_delivery,
      latest_fulfillment_time: option.latest_delivery,
    }),
    totals: [
      { type: 'subtotal', amount: option.amount },
      { type: 'total', amount: option.amount },
    ],
  }
}

function discountsOf({ discounts, lines }: AgentSession) {
  const pathOf = (line_id: string | null) => {
    const nth = lines.findIndex(({ id }) => id === line_id)
    return nth < 0 ? '$.totals.shipping' : `$.line_items[${nth}]`
  }
  return {
    codes: discounts.codes,
    applied: discounts.applied.map(({ code, label, amount, allocations }) => ({
      ...(code !== null && { code }),
      title: label,
      amount,
      automatic: code === null,
      allocations: allocations.map(({ line_id, amount }) => ({ path: pathOf(line_id), amount })),
    })),
  }
}

/** What the house calls otherwise. */
const CODES: Record<string, string> = {
  missing: 'field_required',
  quantity_exceeded: 'out_of_stock',
  region_restricted: 'address_undeliverable',
  payment_declined: 'payment_failed',
  requires_3ds: 'payment_authentication_required',
}
const PATHS: readonly [string, string][] = [
  ['$.fulfillment_details.address', '$.fulfillment.methods[0].destinations'],
  ['$.selected_fulfillment_options', '$.fulfillment.methods[0].groups[0].selected_option_id'],
]

function messagesOf(session: AgentSession, said: Said): Message[] {
  const told = session.messages.map(messageOf)
  if (session.status === 'expired') {
    return [...told, { type: 'info', code: 'expired', content: 'It was not completed in time.' }]
  }
  const going = said.destinations.findIndex(({ id }) => id === said.selected_destination_id)
  const lacks = going < 0 ? [] : missingOf(said.destinations[going] ?? {})
  return [...told, ...lacks.map((member) => lacking(member, going))]
}

function messageOf({ type, code, param, content, resolution }: SessionMessage): Message {
  const known = code === null ? undefined : (CODES[code] ?? code)
  const moved = PATHS.find(([from]) => param?.startsWith(from))
  const path = param && moved ? param.replace(moved[0], moved[1]) : param
  const beside = path ? { path } : {}
  if (type === 'info') return { type, ...(known && { code: known }), content, ...beside }
  if (type === 'warning') return { type, code: known ?? 'notice', content, ...beside }
  // There is no page of ours where a buyer could do it, so the platform asks them and tells us.
  const severity = resolution === 'requires_buyer_review' ? resolution : 'recoverable'
  return { type, code: known ?? 'invalid', content, severity, ...beside }
}

const lacking = (member: string, nth: number): Message => ({
  type: 'error',
  code: 'field_required',
  content: `The destination lacks ${member}.`,
  severity: 'recoverable',
  path: `$.fulfillment.methods[0].destinations[${nth}].${member}`,
})
