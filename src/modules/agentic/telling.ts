import type { PricedCart, PricedCartLine } from '#modules/carts'
import { nameOf } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { DIGITAL, type Wishes } from './choices.ts'
import type { Shortages } from './hold.ts'
import { messagesOf } from './messages.ts'
import { discountsOf, totalsOf } from './money.ts'
import type { Option, SessionLine, SessionMessage } from './parts.ts'
import type { AgentSession, Selection } from './schemas.ts'

type Now = {
  priced: PricedCart
  short: Shortages
  /** What was shown before, to tell what has changed since. */
  before?: AgentSession | undefined
  /** What else is to be told, such as a declined payment. */
  also?: readonly SessionMessage[]
}

/** What follows from what a session wants and what it comes to now: all of it that is shown. */
export function toldOf(ctx: Context, wishes: Wishes, now: Now) {
  const { priced, short } = now
  const tax_included = ctx.settings.prices_include_tax
  const lines = wishes.lines.map((wanted) => {
    const line = priced.lines.find((one) => one.line.id === wanted.id) as PricedCartLine
    return lineOf(line, { item_id: wanted.item_id, short, tax_included })
  })
  const fulfillment_options = optionsOf(ctx, priced, lines)
  const messages = [...messagesOf(wishes, { ...now, lines }), ...(now.also ?? [])]
  const blocked = messages.some(({ type, code }) => type === 'error' && code !== 'payment_declined')
  return {
    status: blocked ? ('not_ready_for_payment' as const) : ('ready_for_payment' as const),
    currency: wishes.currency,
    buyer: wishes.buyer,
    fulfillment_details: wishes.fulfillment_details,
    groups: wishes.groups,
    lines,
    fulfillment_options,
    selected: selectedOf(priced, fulfillment_options),
    totals: totalsOf(priced.priced, tax_included),
    discounts: discountsOf(wishes, priced),
    messages,
  }
}

type Of = { item_id: string; short: Shortages; tax_included: boolean }

function lineOf(told: PricedCartLine, { item_id, short, tax_included }: Of): SessionLine {
  const { line, sellable, price, money } = told
  const left = short.get(line.variant_id)
  const base_amount = money?.base_amount ?? 0
  const discount_amount = money?.discount_amount ?? 0
  const tax_amount = money?.tax_amount ?? 0
  const subtotal_amount = base_amount - discount_amount
  return {
    id: line.id,
    item_id,
    variant_id: line.variant_id,
    product_id: sellable?.product_id ?? null,
    sku: sellable?.sku ?? null,
    name: sellable ? nameOf(sellable) : item_id,
    image_url: sellable?.image_url ?? null,
    options: Object.entries(sellable?.options ?? {}).map(([name, value]) => ({ name, value })),
    weight_grams: sellable?.weight_grams ?? null,
    requires_shipping: sellable?.requires_shipping ?? false,
    quantity: line.quantity,
    unit_amount: price?.unit_amount ?? 0,
    base_amount,
    discount_amount,
    subtotal_amount,
    tax_amount,
    total_amount: subtotal_amount + (tax_included ? 0 : tax_amount),
    availability:
      !money || left === 0 ? 'out_of_stock' : left === undefined ? 'in_stock' : 'low_stock',
    available_quantity: left ?? null,
  }
}

const DAY_MS = 86_400_000
const inDays = (now: string, days: number) =>
  new Date(Date.parse(now) + days * DAY_MS).toISOString()

/** How the lines can come to the buyer: parcels in every way that goes there, downloads in one. */
function optionsOf(ctx: Context, { quotes }: PricedCart, lines: readonly SessionLine[]): Option[] {
  const idsOf = (shipped: boolean) =>
    lines.filter((line) => line.requires_shipping === shipped).map(({ id }) => id)
  const digital = idsOf(false)
  const options: Option[] = quotes.map((quote) => ({
    id: quote.code,
    kind: 'shipping',
    title: quote.name,
    amount: quote.amount,
    line_ids: idsOf(true),
    earliest_delivery: inDays(ctx.now, quote.estimated_days_min),
    latest_delivery: inDays(ctx.now, quote.estimated_days_max),
  }))
  if (digital.length === 0) return options
  return [
    ...options,
    {
      id: DIGITAL,
      kind: 'digital',
      title: 'Digital delivery',
      amount: 0,
      line_ids: digital,
      earliest_delivery: null,
      latest_delivery: null,
    },
  ]
}

/** What is chosen, or else the cheapest, so that a session can be paid as soon as it may go. */
function selectedOf({ shipping }: PricedCart, options: readonly Option[]): Selection[] {
  return options
    .filter(({ id, kind }) => kind === 'digital' || id === shipping?.code)
    .map(({ id: option_id, kind, line_ids }) => ({ kind, option_id, line_ids }))
}
