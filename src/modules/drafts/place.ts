import type { Id } from '#kit/ids'
import { formatMoney, parseMoney } from '#kit/money'
import { recipientsBy } from '#modules/credit'
import { type OrderRow, placeOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { draftErrors } from './errors.ts'
import { draftEvents } from './events.ts'
import { draftLines, saveDraft } from './find.ts'
import { draftLifecycle } from './lifecycle.ts'
import { holderOf } from './stock.ts'
import type { DraftRow, Offer } from './tables.ts'

type Placing = {
  offer: Offer
  placed_by: 'staff' | 'buyer'
  payment_method_id?: string
  /** Until when its payment is waited for; null where it may wait for ever. */
  payable_until?: string | null
}

/**
 * Places the order of a draft whose lock is held, once: everything as it was offered. Its units are
 * those that the draft held. Throws `insufficient_stock`.
 */
export async function placeDraft(
  ctx: Context,
  draft: DraftRow,
  { offer, placed_by, payment_method_id, payable_until = null }: Placing,
): Promise<OrderRow> {
  const status = draftLifecycle.next(draft.status, 'complete')
  const { id: draft_id, customer_id, currency, email, note, shipping_address } = draft
  const { lines, shipping, priced, prices_include_tax, needs_shipping } = offer
  const rows = await draftLines(ctx, { draft_id })
  const recipients = recipientsBy(rows, ({ id }): string => id)
  const order = await placeOrder(ctx, {
    customer_id,
    currency,
    email,
    // What is not sent goes nowhere, whatever address served for its tax.
    shipping_address: needs_shipping ? shipping_address : null,
    billing_address: draft.billing_address ?? shipping_address,
    payment_method_id: payment_method_id ?? null,
    notes: note,
    prices_include_tax,
    cart_id: null,
    draft_id,
    lines,
    recipients,
    shipping,
    priced,
    holder: draft.reserves ? holderOf(draft) : null,
  })
  const { id: order_id } = order
  const isFree = priced.total_amount === 0
  await saveDraft(ctx, draft, {
    status,
    offer,
    order_id,
    placed_by,
    payable_until: isFree ? null : payable_until,
    ended_at: ctx.now,
  })
  emit(ctx, draftEvents.completed({ draft_id, customer_id, order_id, placed_by }))
  return order
}

/** Refuses a total that the caller does not expect. */
export function requireTotal(
  { currency }: Pick<DraftRow, 'currency'>,
  { priced }: Offer,
  expected: string | number | undefined,
): void {
  if (expected === undefined) return
  if (parseMoney(expected, currency, 'expected_total') === priced.total_amount) return
  throw draftErrors.total_changed({
    total: formatMoney(priced.total_amount, currency),
    expected: String(expected),
    currency,
  })
}

export type Ordered = Pick<
  OrderRow,
  'id' | 'number' | 'total_amount' | 'currency' | 'customer_id'
> & { draft_id: Id<'draft'> }
