import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { checkoutEvents } from '#modules/checkout'
import { giftCardEvents } from '#modules/credit'
import { orderEvents } from '#modules/orders'
import { paymentEvents } from '#modules/payments'
import { shipmentEvents } from '#modules/shipments'
import type { Context } from '#platform/context'
import { happenedBefore, type LoggedEvent } from '#platform/event-log/read'
import type { AnyEventType } from '#platform/events'
import type { MailKind } from './lifecycle.ts'

/** What happened, as far as a mail tells it; everything else is read when the mail is written. */
export type Occasion = {
  kind: MailKind
  /** A second mail of its kind about the same is never written. */
  about: string
  /** Null before there is an order. */
  order_id: Id<'order'> | null
  amount: number | null
  currency: string | null
  /** Of a shipment: its lines are read by it. */
  shipment_id: Id<'shipment'> | null
  tracking: readonly string[]
  /** Money that had been taken is gone. */
  was_taken: boolean
  /** Whom to write to where no order says it. */
  to: { customer_id: Id<'customer'> | null; email: string } | null
}

/** The events of which mails tell. */
export const TOLD = [
  orderEvents.status_changed,
  paymentEvents.failed,
  paymentEvents.refunded,
  shipmentEvents.shipped,
  giftCardEvents.issued,
  checkoutEvents.payment_failed,
  checkoutEvents.payment_returned,
] as const

const NOTHING_SAID = {
  order_id: null,
  amount: null,
  currency: null,
  shipment_id: null,
  tracking: [],
  was_taken: false,
  to: null,
}

/** What is to be told of an event; undefined if it is nothing for a buyer. */
export async function occasionOf(ctx: Context, event: LoggedEvent): Promise<Occasion | undefined> {
  const of = <E extends AnyEventType>(type: E) =>
    event.name === type.type ? (event.payload as Static<E['spec']['payload']>) : undefined
  const moved = of(orderEvents.status_changed)
  if (moved) return confirmed(moved)
  const failed = of(paymentEvents.failed)
  if (failed) {
    // The event is the same whether money was refused or taken back: what came before it is not.
    const was_taken = await happenedBefore(ctx, event, paymentEvents.captured.type)
    const { order_id, amount, currency } = failed
    const told = { ...NOTHING_SAID, order_id, amount, currency, was_taken }
    return { ...told, kind: 'payment_failed', about: event.id }
  }
  const back = of(paymentEvents.refunded)
  if (back) {
    const { order_id, amount, currency } = back
    const told = { ...NOTHING_SAID, order_id, amount, currency }
    return { ...told, kind: 'payment_refunded', about: event.id }
  }
  const shipped = of(shipmentEvents.shipped)
  if (shipped) {
    const { order_id, shipment_id, tracking_numbers: tracking } = shipped
    const told = { ...NOTHING_SAID, order_id, shipment_id, tracking }
    return { ...told, kind: 'order_shipped', about: shipment_id }
  }
  const card = of(giftCardEvents.issued)
  if (card) return soldCard(card)
  const returned = of(checkoutEvents.payment_returned)
  if (returned) return notSold(returned)
  const unpaid = of(checkoutEvents.payment_failed)
  return unpaid && checkoutFailed(unpaid)
}

type Payload<E extends AnyEventType> = Static<E['spec']['payload']>

function confirmed(moved: Payload<typeof orderEvents.status_changed>): Occasion | undefined {
  const { order_id, old_status, new_status } = moved
  if (new_status !== 'confirmed' || old_status !== 'pending') return undefined
  return { ...NOTHING_SAID, kind: 'order_confirmed', about: order_id, order_id }
}

/** Cards that staff makes are handed over by staff. */
function soldCard(card: Payload<typeof giftCardEvents.issued>): Occasion | undefined {
  const { account_id: about, order_id, amount, currency } = card
  if (order_id === null) return undefined
  return { ...NOTHING_SAID, kind: 'gift_card', about, order_id, amount, currency }
}

/** An order that was cancelled at once: its goods were gone when the money came. */
function notSold(back: Payload<typeof checkoutEvents.payment_returned>): Occasion {
  const { order_id, amount, currency } = back
  const told = { ...NOTHING_SAID, order_id, amount, currency }
  return { ...told, kind: 'checkout_payment_failed', about: `${order_id} not sold` }
}

function checkoutFailed(
  unpaid: Payload<typeof checkoutEvents.payment_failed>,
): Occasion | undefined {
  const { checkout_id, customer_id, customer_email: email, amount, currency } = unpaid
  if (email === null) return undefined
  const told = { ...NOTHING_SAID, amount, currency, to: { customer_id, email } }
  // One for each checkout, however often its payer tries.
  return { ...told, kind: 'checkout_payment_failed', about: checkout_id }
}
