import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { type Books, heldAmount, sumOf, takenAmount } from './books.ts'
import { paymentEvents } from './events.ts'
import type { PaymentRow, RefundRow, RequestRow } from './tables.ts'

export type After = {
  payment: PaymentRow
  /** Requests that were answered. */
  resolved: readonly RequestRow[]
  /** Refunds whose status changed. */
  refunds: readonly RefundRow[]
}

/** States what follows from a settlement: one event for each thing that is different now. */
export function emitConsequences(ctx: Context, { payment: before, others }: Books, after: After) {
  const { payment, resolved, refunds } = after
  const all = [...others, payment]
  const told = (amount: number) => ({
    payment_id: payment.id,
    order_id: payment.order_id,
    provider: payment.provider,
    currency: payment.currency,
    amount,
    status: payment.status,
    authorized_amount: payment.authorized_amount,
    captured_amount: payment.captured_amount,
    voided_amount: payment.voided_amount,
    refunded_amount: payment.refunded_amount,
    order_held_amount: sumOf(all, heldAmount),
    order_captured_amount: sumOf(all, takenAmount),
    order_refunded_amount: sumOf(all, (one) => one.refunded_amount),
  })
  const failure = { code: payment.failure_code, message: payment.failure_message }
  const became = (status: PaymentRow['status']) =>
    payment.status === status && before.status !== status

  const captured = payment.captured_amount - before.captured_amount
  const held = heldAmount(payment) - heldAmount(before)
  const voided = payment.voided_amount - before.voided_amount
  if (became('requires_action')) {
    emit(
      ctx,
      paymentEvents.requires_action({ ...told(payment.amount), action_url: payment.action_url }),
    )
  }
  if (captured > 0) emit(ctx, paymentEvents.captured(told(captured)))
  else if (held > 0) emit(ctx, paymentEvents.authorized(told(held)))
  if (captured < 0) emit(ctx, paymentEvents.failed({ ...told(-captured), ...failure }))
  else if (became('failed'))
    emit(ctx, paymentEvents.failed({ ...told(payment.amount), ...failure }))
  if (voided > 0 || became('cancelled')) emit(ctx, paymentEvents.voided(told(voided)))

  for (const refund of refunds) {
    const named = { ...told(refund.amount), refund_id: refund.id, reason: refund.reason }
    if (refund.status === 'succeeded') emit(ctx, paymentEvents.refunded(named))
    if (refund.status === 'failed') {
      const why = { code: refund.failure_code, message: refund.failure_message }
      emit(ctx, paymentEvents.refund_failed({ ...named, ...why }))
    }
  }
  for (const { state, operation, amount, failure_code, failure_message } of resolved) {
    if (state !== 'failed') continue
    const why = { ...told(amount), code: failure_code, message: failure_message }
    if (operation === 'capture') emit(ctx, paymentEvents.capture_failed(why))
    if (operation === 'void') emit(ctx, paymentEvents.void_failed(why))
  }
}
