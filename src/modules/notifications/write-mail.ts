import { type Static, Type } from 'typebox'
import type { Id } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { contactsOf } from '#modules/customers'
import {
  linesOf,
  type OrderLine,
  type OrderRow,
  orderOfMoney,
  printOrderNumber,
} from '#modules/orders'
import { linesOfShipments } from '#modules/shipments'
import type { Context } from '#platform/context'
import type { Job } from '#platform/jobs'
import type { Letter } from './letters/letter.ts'
import * as letters from './letters/letters.ts'
import { MAIL_KINDS } from './lifecycle.ts'
import { queueMail } from './queue-mail.ts'

/** What happened, as far as a mail tells it; everything else is read when the mail is written. */
export const Occasion = Type.Object({
  kind: Type.Enum([...MAIL_KINDS]),
  about: Type.String(),
  order_id: Nullable(Type.String()),
  amount: Nullable(Amount),
  currency: Nullable(Currency),
  /** Of a shipment: its lines are read by it. */
  shipment_id: Nullable(Type.String()),
  tracking: Type.Array(Type.String()),
  /** Money that had been taken is gone. */
  was_taken: Type.Boolean(),
  /** When it happened. */
  at: Instant,
})
export type Occasion = Static<typeof Occasion>

/**
 * Writes the mail of an occasion. A job of its own, so that what happened (an order, a payment) is
 * not slowed down by what is told of it.
 */
export const writeMail: Job<Occasion> = {
  name: 'notifications.write_mail',
  payload: Occasion,
  run: (ctx, occasion) => ctx.transaction((tx) => write(tx, occasion), 'read committed'),
}

/** What is older is no news: an import of last year's orders must not write to their buyers. */
const NEWS_MS = 7 * 86_400_000

async function write(ctx: Context, occasion: Occasion): Promise<void> {
  if (Date.parse(ctx.now) - Date.parse(occasion.at) > NEWS_MS) return
  const order = await orderOfMoney(ctx, occasion.order_id as Id<'order'>)
  if (order.deleted_at !== null || isOver(order, occasion)) return
  const { customer_id, id: order_id } = order
  const person = (await contactsOf(ctx, [customer_id])).get(customer_id)
  const email = order.email ?? person?.email
  if (!email) return
  const name = order.shipping_address?.name ?? nameOf(person)
  const lines = (await linesOf(ctx, [order_id])).get(order_id) ?? []
  const letter = await letterOf(ctx, occasion, factsOf(order, { lines, name }), lines)
  const { kind, about } = occasion
  await queueMail(ctx, { kind, about, customer_id, order_id, to: { email, name }, letter })
}

/** Guests without a name are stored under this one. */
const nameOf = (person: { name: string } | undefined): string | null =>
  person && person.name !== 'Guest Guest' ? person.name : null

/** News that is none any more: it was paid meanwhile, or nobody wants it paid. */
function isOver({ status, payment_status }: OrderRow, { kind }: Occasion): boolean {
  if (kind === 'order_confirmed') return status === 'cancelled'
  if (kind !== 'payment_failed') return false
  return status === 'cancelled' || payment_status !== 'failed'
}

type Read = { lines: readonly OrderLine[]; name: string | null }

function factsOf(order: OrderRow, { lines, name }: Read): letters.OrderFacts {
  const { currency, discount_amount, shipping_amount, tax_amount, total_amount } = order
  const { shipping_address: to } = order
  return {
    number: printOrderNumber(order.number),
    name,
    currency,
    is_paid: order.payment_status === 'paid',
    lines: lines
      .filter(({ quantity }) => quantity > 0)
      .map(({ name, quantity, total_amount: amount }) => ({ name, quantity, amount })),
    discount_amount,
    shipping_amount,
    tax_amount,
    prices_include_tax: order.prices_include_tax,
    total_amount,
    address: to
      ? [to.street, to.street2, `${to.postal_code} ${to.city}`, to.state, to.country].filter(
          (part): part is string => Boolean(part),
        )
      : [],
  }
}

async function letterOf(
  ctx: Context,
  occasion: Occasion,
  facts: letters.OrderFacts,
  lines: readonly OrderLine[],
): Promise<Letter> {
  const { kind, was_taken, tracking } = occasion
  const amount = occasion.amount ?? facts.total_amount
  if (kind === 'payment_failed') return letters.paymentFailed(facts, { amount, was_taken })
  if (kind === 'payment_refunded') return letters.paymentRefunded(facts, amount)
  if (kind !== 'order_shipped') return letters.orderConfirmed(facts)
  const { shipment_id } = occasion
  const sent = shipment_id ? await linesOfShipments(ctx, { shipments: [shipment_id] }) : []
  const named = new Map(lines.map((line) => [line.id, line.name]))
  const parts = sent.map(
    ({ order_line_id, quantity }) => `${quantity} × ${named.get(order_line_id) ?? 'goods'}`,
  )
  return letters.orderShipped(facts, { parts, tracking })
}
