import { formatMoney } from '#kit/money'
import { splitByCredit } from './credits/applied.ts'
import { stepOf } from './lifecycle.ts'
import type { Checkout } from './schemas.ts'
import type { SessionRow } from './tables.ts'

/** A checkout as it is answered. The payment token is nobody's business any more. */
export function checkoutOf(session: SessionRow): Checkout {
  const { currency } = session
  const { parts, due_amount } = splitByCredit(session.total_amount, session.credits)
  const money = (amount: number) => formatMoney(amount, currency)
  return {
    id: session.id,
    cart_id: session.cart_id,
    status: session.status,
    step: stepOf(session),
    subtotal: money(session.subtotal_amount),
    discount_total: money(session.discount_amount),
    shipping_total: money(session.shipping_amount),
    tax_total: money(session.tax_amount),
    total: money(session.total_amount),
    credits: parts.map(({ kind, account_id, last_four, amount, balance_amount }) => ({
      type: kind,
      id: account_id,
      last_four,
      amount: money(amount),
      balance: money(balance_amount),
    })),
    credit_total: money(session.total_amount - due_amount),
    amount_due: money(due_amount),
    currency,
    customer_email: session.email,
    subscribe_newsletter: session.subscribe_newsletter,
    shipping_address: session.shipping_address,
    billing_address: session.billing_address,
    shipping_method: session.shipping_method,
    shipping_options: session.shipping_options.map((option) => ({
      ...option,
      amount: money(option.amount),
    })),
    requires_shipping: session.needs_shipping,
    payment_method: session.payment_method,
    order_id: session.order_id,
    expires_at: session.expires_at,
    version: session.version,
    created_at: session.created_at,
    updated_at: session.updated_at,
  }
}
