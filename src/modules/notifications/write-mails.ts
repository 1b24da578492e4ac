import type { Id } from '#kit/ids'
import { giftCardEvents } from '#modules/credit'
import { type CustomerContact, contactsOf } from '#modules/customers'
import {
  giftCardRecipients,
  linesOf,
  type OrderLine,
  type OrderRow,
  ordersOfMoney,
  printOrderNumber,
} from '#modules/orders'
import { linesOfShipments } from '#modules/shipments'
import type { Context } from '#platform/context'
import { inBatches } from '#platform/event-log/batch-reader'
import type { LoggedEvent } from '#platform/event-log/read'
import { giftCardMail } from './gift-card-mail.ts'
import type { Letter } from './letters/letter.ts'
import * as letters from './letters/letters.ts'
import { type Occasion, occasionOf, TOLD } from './occasions.ts'
import { type NewMail, queueMails } from './queue-mail.ts'

/** What is older is no news: an import of last year's orders must not write to their buyers. */
const NEWS_MS = 7 * 86_400_000
/** Where the books have a buyer who never said where to write to (a name that reaches nobody). */
const NOBODY = '@guest.invalid'

/** Writes the mails of what happened, many at once: no order waits for what is told of it. */
export const writtenMails = inBatches({
  name: 'notifications.mails',
  events: TOLD,
  async take(ctx, events) {
    const mails = await mailsOf(ctx, await occasionsOf(ctx, events))
    if (mails.length > 0) await queueMails(ctx, mails)
  },
})

async function occasionsOf(ctx: Context, events: readonly LoggedEvent[]): Promise<Occasion[]> {
  const since = new Date(Date.parse(ctx.now) - NEWS_MS).toISOString()
  const occasions: Occasion[] = []
  for (const event of events) {
    // A card that was bought is told however late: nobody else knows its code.
    const isNews = event.occurred_at >= since || event.name === giftCardEvents.issued.type
    const occasion = isNews ? await occasionOf(ctx, event) : undefined
    if (occasion) occasions.push(occasion)
  }
  return occasions
}

type Sent = Awaited<ReturnType<typeof linesOfShipments>>
type Known = {
  orders: Map<Id<'order'>, OrderRow>
  lines: Map<Id<'order'>, OrderLine[]>
  people: Map<Id<'customer'>, CustomerContact>
  recipients: Awaited<ReturnType<typeof giftCardRecipients>>
  sent: Sent
}

async function mailsOf(ctx: Context, occasions: readonly Occasion[]): Promise<NewMail[]> {
  if (occasions.length === 0) return []
  const ids = [...new Set(occasions.flatMap(({ order_id }) => order_id ?? []))]
  const orders = await ordersOfMoney(ctx, ids)
  const customers = [...new Set([...orders.values()].map(({ customer_id }) => customer_id))]
  const shipments = occasions.flatMap(({ shipment_id }) => shipment_id ?? [])
  const lines = await linesOf(ctx, ids)
  const all = [...lines.values()].flat()
  const known = {
    orders,
    lines,
    recipients: await giftCardRecipients(ctx, [...orders.values()], all),
    people: await contactsOf(ctx, customers),
    sent: shipments.length > 0 ? await linesOfShipments(ctx, { shipments }) : [],
  }
  const mails: NewMail[] = []
  for (const occasion of occasions) {
    const mail = await mailOf(ctx, occasion, known)
    if (mail) mails.push(mail)
  }
  return mails
}

/** The mail of an occasion; undefined for news that is none any more, and nobody to be told. */
async function mailOf(
  ctx: Context,
  occasion: Occasion,
  known: Known,
): Promise<NewMail | undefined> {
  const { kind, about, order_id, to } = occasion
  const order = order_id ? known.orders.get(order_id) : undefined
  if (!order) return to ? beforeOrder(occasion, to) : undefined
  if (order.deleted_at !== null || isOver(order, occasion)) return undefined
  const { customer_id, id } = order
  const person = known.people.get(customer_id)
  const email = order.email ?? person?.email
  if (!email || email.endsWith(NOBODY)) return undefined
  const name = order.shipping_address?.name ?? nameOf(person)
  const lines = known.lines.get(id) ?? []
  const facts = factsOf(order, { lines, name, recipients: known.recipients })
  const told = { kind, about, customer_id, order_id: id, to: { email, name } }
  if (kind === 'gift_card') return giftCardMail(ctx, facts, told)
  const sent = known.sent.filter(({ shipment_id }) => shipment_id === occasion.shipment_id)
  return { ...told, letter: letterOf(occasion, facts, { lines, sent }) }
}

function beforeOrder(
  { kind, about, amount, currency }: Occasion,
  { customer_id, email }: NonNullable<Occasion['to']>,
): NewMail | undefined {
  if (amount === null || currency === null) return undefined
  const letter = letters.checkoutPaymentFailed({ amount, currency })
  return { kind, about, customer_id, order_id: null, to: { email, name: null }, letter }
}

/** Guests without a name are stored under this one. */
const nameOf = (person: { name: string } | undefined): string | null =>
  person && person.name !== 'Guest Guest' ? person.name : null

/** News that is none any more: it was paid meanwhile, or nobody wants it paid. */
function isOver({ status, payment_status }: OrderRow, { kind }: Occasion): boolean {
  if (kind === 'order_confirmed' || kind === 'gift_card') return status === 'cancelled'
  if (kind !== 'payment_failed') return false
  return status === 'cancelled' || payment_status !== 'failed'
}

type Read = Pick<Known, 'recipients'> & { lines: readonly OrderLine[]; name: string | null }

function factsOf(order: OrderRow, { lines, name, recipients }: Read): letters.OrderFacts {
  const { currency, discount_amount, shipping_amount, tax_amount, total_amount } = order
  const { shipping_address: to } = order
  return {
    number: printOrderNumber(order.number),
    name,
    currency,
    is_paid: order.payment_status === 'paid',
    lines: lines
      .filter(({ quantity }) => quantity > 0)
      .map(({ id, name, quantity, total_amount: amount }) => {
        const recipient = recipients.get(id)?.email ?? null
        return { name, quantity, amount, recipient }
      }),
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

function letterOf(
  { kind, was_taken, tracking, amount }: Occasion,
  facts: letters.OrderFacts,
  { lines, sent }: { lines: readonly OrderLine[]; sent: Sent },
): Letter {
  const money = amount ?? facts.total_amount
  if (kind === 'payment_failed') return letters.paymentFailed(facts, { amount: money, was_taken })
  if (kind === 'payment_refunded') return letters.paymentRefunded(facts, money)
  if (kind === 'checkout_payment_failed') return letters.notSold(facts, money)
  if (kind !== 'order_shipped') return letters.orderConfirmed(facts)
  const named = new Map(lines.map((line) => [line.id, line.name]))
  const parts = sent.map(
    ({ order_line_id, quantity }) => `${quantity} × ${named.get(order_line_id) ?? 'goods'}`,
  )
  return letters.orderShipped(facts, { parts, tracking })
}
