import type { Context } from '#platform/context'
import type { PaymentRow } from './tables.ts'

/** How every payment begins: nothing is known of it yet, and nothing was asked. */
export const newPayment = (ctx: Context) =>
  ({
    authorized_amount: 0,
    captured_amount: 0,
    voided_amount: 0,
    refunded_amount: 0,
    capture_pending_amount: 0,
    void_pending_amount: 0,
    refund_pending_amount: 0,
    parted_amount: 0,
    part_of_id: null,
    part_of_ref: null,
    status: 'pending',
    failure_code: null,
    failure_message: null,
    action_url: null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }) satisfies Partial<PaymentRow>
