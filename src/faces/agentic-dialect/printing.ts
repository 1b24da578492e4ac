import type { AgentSession, SessionLine, SessionMessage, SessionStatus } from '#modules/agentic'
import { paramOf } from './errors.ts'

/** The four states of this dialect. */
const STATUSES: Record<SessionStatus, string> = {
  not_ready_for_payment: 'not_ready_for_payment',
  ready_for_payment: 'ready_for_payment',
  authentication_required: 'not_ready_for_payment',
  complete_in_progress: 'ready_for_payment',
  completed: 'completed',
  canceled: 'canceled',
  expired: 'canceled',
}

/** A session in the structured dialect. Amounts are minor units; what is absent is left out. */
export function printSession(session: AgentSession): object {
  const money = (amount: number) => ({ amount, currency: session.currency.toLowerCase() })
  const { id, totals, messages, order } = session
  const shipping = session.selected.some(({ kind }) => kind === 'shipping')
  const taken_off = totals.items_discount + totals.discount
  return {
    id,
    status: STATUSES[session.status],
    items: session.lines.map((line) => printLine(line, money)),
    totals: {
      subtotal: money(totals.items_base),
      ...(totals.tax > 0 && { tax: money(totals.tax) }),
      ...(shipping && { shipping: money(totals.fulfillment) }),
      ...(taken_off > 0 && { discount: money(taken_off) }),
      grand_total: money(totals.total),
    },
    ...fulfillmentOf(session, money),
    ...customerOf(session),
    ...linksOf(session),
    ...(messages.length > 0 && { messages: messages.map(printMessage) }),
    created_at: session.created_at,
    updated_at: session.updated_at,
    ...(session.status === 'completed' &&
      order && {
        order: {
          id: order.id,
          checkout_session_id: id,
          status: 'placed',
          permalink_url: order.permalink_url,
        },
      }),
  }
}

type Money = (amount: number) => { amount: number; currency: string }

const printLine = (line: SessionLine, money: Money) => ({
  id: line.id,
  title: line.name,
  quantity: line.quantity,
  unit_price: money(line.unit_amount),
  variant_id: line.variant_id,
  ...(line.sku && { sku: line.sku }),
  ...(line.image_url && { image_url: line.image_url }),
})

function fulfillmentOf({ fulfillment_options, selected }: AgentSession, money: Money) {
  const options = fulfillment_options.filter(({ kind }) => kind === 'shipping')
  if (options.length === 0) return {}
  const chosen = selected.find(({ kind }) => kind === 'shipping')
  return {
    fulfillment: {
      ...(chosen && { selected_id: chosen.option_id }),
      options: options.map(({ id, title, amount, earliest_delivery, latest_delivery }) => ({
        id,
        label: title,
        price: money(amount),
        ...(earliest_delivery &&
          latest_delivery && {
            est_delivery: { earliest: earliest_delivery, latest: latest_delivery },
          }),
      })),
    },
  }
}

function customerOf({ fulfillment_details, buyer }: AgentSession) {
  const address = fulfillment_details?.address
  if (!address) return {}
  const phone = fulfillment_details?.phone_number ?? buyer?.phone_number
  const email = fulfillment_details?.email ?? buyer?.email
  return {
    customer: {
      shipping_address: {
        name: address.name,
        line1: address.line_one,
        ...(address.line_two && { line2: address.line_two }),
        city: address.city,
        ...(address.state && { region: address.state }),
        postal_code: address.postal_code,
        country: address.country.toUpperCase(),
        ...(phone && { phone }),
        ...(email && { email }),
      },
    },
  }
}

function linksOf({ links, order, status }: AgentSession) {
  const found = (type: string) => links.find((link) => link.type === type)?.url
  const terms = found('terms_of_use')
  const privacy = found('privacy_policy')
  const order_permalink = status === 'completed' ? order?.permalink_url : undefined
  const told = {
    ...(terms && { terms }),
    ...(privacy && { privacy }),
    ...(order_permalink && { order_permalink }),
  }
  return Object.keys(told).length > 0 ? { links: told } : {}
}

const printMessage = ({ type, code, content, param }: SessionMessage) => ({
  type,
  code: code ?? 'info',
  message: content,
  ...(param && { param: paramOf(param) }),
})
