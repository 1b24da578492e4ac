import { checkoutEvents } from '#modules/checkout'
import { orderEvents } from '#modules/orders'
import { paymentEvents } from '#modules/payments'
import { shipmentEvents } from '#modules/shipments'
import type { Context } from '#platform/context'
import { enqueue } from '#platform/jobs'
import { together } from '#platform/reactions'
import { checkoutPaymentFailed } from './letters/letters.ts'
import { queueMail } from './queue-mail.ts'
import { type Occasion, writeMail } from './write-mail.ts'

const NOTHING_SAID = {
  amount: null,
  currency: null,
  shipment_id: null,
  tracking: [],
  was_taken: false,
}

type Asked = Pick<Occasion, 'kind' | 'about' | 'order_id'> & Partial<Occasion>

/**
 * Asks for a mail in the transaction of what it tells: one row, and nothing for the relay. A
 * `later` reaction would make every such event wait for it, also those that no mail is written of.
 */
const ask = (ctx: Context, asked: Asked): Promise<void> =>
  enqueue(ctx, writeMail, { payload: { ...NOTHING_SAID, at: ctx.now, ...asked } })

/** Whether the order was paid until this transaction: orders has followed the money already. */
const hadMoney = ({ emitted }: Context, order_id: string): boolean =>
  emitted.some(
    ({ name, payload }) =>
      name === orderEvents.payment_status_changed.type &&
      payload.order_id === order_id &&
      (payload.old_status === 'paid' || payload.old_status === 'partially_paid'),
  )

export const reactions = [
  together(orderEvents.status_changed, 'notifications.order_confirmed', async (ctx, moved) => {
    const { order_id, old_status, new_status } = moved
    if (new_status !== 'confirmed' || old_status !== 'pending') return
    await ask(ctx, { kind: 'order_confirmed', about: order_id, order_id })
  }),
  together(paymentEvents.failed, 'notifications.payment_failed', async (ctx, failed, event) => {
    const { order_id, amount, currency } = failed
    const was_taken = hadMoney(ctx, order_id)
    const about = String(event.id ?? failed.payment_id)
    await ask(ctx, { kind: 'payment_failed', about, order_id, amount, currency, was_taken })
  }),
  together(paymentEvents.refunded, 'notifications.payment_refunded', async (ctx, back, event) => {
    const { order_id, amount, currency } = back
    const about = String(event.id ?? `${back.payment_id} ${back.refunded_amount}`)
    await ask(ctx, { kind: 'payment_refunded', about, order_id, amount, currency })
  }),
  together(shipmentEvents.shipped, 'notifications.order_shipped', async (ctx, shipped) => {
    const { order_id, shipment_id, tracking_numbers: tracking } = shipped
    await ask(ctx, { kind: 'order_shipped', about: shipment_id, order_id, shipment_id, tracking })
  }),
  // There is no order yet, so all that can be told stands in the event.
  together(checkoutEvents.payment_failed, 'notifications.checkout_failed', async (ctx, failed) => {
    const { checkout_id, customer_id, customer_email: email, amount, currency } = failed
    if (email === null) return
    await queueMail(ctx, {
      kind: 'checkout_payment_failed',
      // One for each checkout, however often its payer tries.
      about: checkout_id,
      customer_id,
      order_id: null,
      to: { email, name: null },
      letter: checkoutPaymentFailed({ amount, currency }),
    })
  }),
]
