import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, formatMoney, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { Code } from '#modules/credit'
import { paymentLifecycle, refundLifecycle } from './lifecycle.ts'
import { shownMeans } from './means.ts'
import {
  CAPTURE_METHODS,
  PAYMENT_METHODS,
  type PaymentRow,
  REFUND_KINDS,
  type RefundRow,
} from './tables.ts'

/**
 * A method goes in as `credit_card` and comes out as `CreditCard`: so the published interface has
 * it.
 */
const METHOD_NAMES = {
  credit_card: 'CreditCard',
  debit_card: 'DebitCard',
  paypal: 'PayPal',
  bank_transfer: 'BankTransfer',
  cash: 'Cash',
  check: 'Check',
  gift_card: 'GiftCard',
  store_credit: 'StoreCredit',
} as const

export const Payment = Type.Object({
  id: IdSchema('payment'),
  order_id: IdSchema('order'),
  customer_id: Nullable(IdSchema('customer')),
  amount: Money,
  currency: Currency,
  status: paymentLifecycle.schema,
  payment_method: Type.Enum(Object.values(METHOD_NAMES)),
  payment_method_id: Nullable(
    Type.String({ description: 'As it was told; of a token of the vault only that it was one.' }),
  ),
  capture: Type.Enum([...CAPTURE_METHODS]),
  description: Nullable(Type.String()),
  provider: Type.String(),
  transaction_id: Nullable(Type.String({ description: "The provider's name of the payment." })),
  authorized_amount: Money,
  captured_amount: Money,
  voided_amount: Money,
  refunded_amount: Money,
  parted_amount: Type.String({
    description: 'What of it pays for other orders: parts of it, each a payment of its own.',
  }),
  /** The payment that this is a part of, since its order was split. */
  part_of_id: Nullable(IdSchema('payment')),
  failure_code: Nullable(Type.String()),
  failure_message: Nullable(Type.String()),
  next_action: Nullable(
    Type.Object(
      { type: Type.Literal('redirect'), url: Type.String() },
      { description: 'What the payer must do while `status` is `requires_action`.' },
    ),
  ),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
  processed_at: Nullable(Instant),
})
export type Payment = Static<typeof Payment>

export const Refund = Type.Object({
  id: IdSchema('refund'),
  payment_id: IdSchema('payment'),
  kind: Type.Enum([...REFUND_KINDS], {
    description:
      '`free_amount`: an amount named by staff; `order_refund`: a share of a refund of order lines; `reversal`: money that had to go back, such as for a cancelled order; `external`: made at the provider.',
  }),
  amount: Money,
  currency: Currency,
  reason: Nullable(Type.String()),
  status: refundLifecycle.schema,
  transaction_id: Nullable(Type.String()),
  failure_code: Nullable(Type.String()),
  failure_message: Nullable(Type.String()),
  created_at: Instant,
  settled_at: Nullable(Instant),
})
export type Refund = Static<typeof Refund>

export const PaymentWithRefunds = Type.Object({
  ...Payment.properties,
  refunds: Type.Array(Refund),
})
export type PaymentWithRefunds = Static<typeof PaymentWithRefunds>

export const CreatePayment = Type.Object({
  order_id: IdSchema('order'),
  amount: Type.Optional(
    Type.Unsafe<string | number>({
      ...MoneyInput,
      description:
        'May be left out for `gift_card` and `store_credit`: then what is there is taken, at most what the order still owes.',
    }),
  ),
  payment_method: Type.Enum([...PAYMENT_METHODS]),
  payment_method_id: Type.Optional(
    Text(255, { description: "The provider's token of a card or account; never a card number." }),
  ),
  code: Type.Optional(Code),
  currency: Type.Optional(CurrencyInput),
  partial: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Pays a part: `amount` may be below what the order still owes, never above.',
    }),
  ),
  description: Type.Optional(LongText(500)),
  capture: Type.Optional(
    Type.Enum([...CAPTURE_METHODS], {
      default: 'automatic',
      description: '`manual` only holds the money; capture or void it later.',
    }),
  ),
})
export type CreatePayment = Static<typeof CreatePayment>

export const GetPayment = Type.Object({ id: IdSchema('payment') })
export type GetPayment = Static<typeof GetPayment>

export const CapturePayment = Type.Object({
  id: IdSchema('payment'),
  amount: Type.Optional(MoneyInput),
  keep_rest: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'What is not taken must stay held for further captures: refused (422) where the provider takes a payment only once. Otherwise such a provider lets the rest go.',
    }),
  ),
})
export type CapturePayment = Static<typeof CapturePayment>

const refundMembers = {
  amount: Type.Optional(MoneyInput),
  reason: Type.Optional(LongText(500)),
}
export const RefundPayment = Type.Object({ id: IdSchema('payment'), ...refundMembers })
export type RefundPayment = Static<typeof RefundPayment>
/** The published form, which names the payment in the body. */
export const RefundByBody = Type.Object({ payment_id: IdSchema('payment'), ...refundMembers })
export type RefundByBody = Static<typeof RefundByBody>

export const ListPayments = Type.Object({
  ...pageQuery,
  status: Type.Optional(paymentLifecycle.schema),
  order_id: Type.Optional(IdSchema('order')),
  payment_method: Type.Optional(Type.Enum([...PAYMENT_METHODS])),
})
export type ListPayments = Static<typeof ListPayments>
export const PaymentPage = PageOf(Payment)
export type PaymentPage = Static<typeof PaymentPage>

const told = (description: string) => Type.Unsafe<string>({ ...Money, description })
export const OfOrder = Type.Object({ order_id: IdSchema('order') })
export type OfOrder = Static<typeof OfOrder>
export const OrderTotal = Type.Object({
  order_id: IdSchema('order'),
  currency: Currency,
  total_amount: told('What the order costs.'),
  authorized_amount: told('All that was ever held or taken at once.'),
  held_amount: told('Held now: neither taken nor let go.'),
  captured_amount: told('Taken.'),
  refunded_amount: told('Given back.'),
  refund_pending_amount: told('On its way back; not in `refunded_amount` yet.'),
  total_paid: told('Taken less given back.'),
  balance: told('What is still owed: cost less taken, plus given back. Below zero: too much paid.'),
})
export type OrderTotal = Static<typeof OrderTotal>

/** A payment as it goes over the wire. */
export function printPayment(row: PaymentRow): Payment {
  const money = (minor: number) => formatMoney(minor, row.currency)
  return {
    id: row.id,
    order_id: row.order_id,
    customer_id: row.customer_id,
    amount: money(row.amount),
    currency: row.currency,
    status: row.status,
    payment_method: METHOD_NAMES[row.method],
    payment_method_id: shownMeans(row.payment_method_id),
    capture: row.capture_method,
    description: row.description,
    provider: row.provider,
    transaction_id: row.provider_ref ?? row.part_of_ref,
    authorized_amount: money(row.authorized_amount),
    captured_amount: money(row.captured_amount),
    voided_amount: money(row.voided_amount),
    refunded_amount: money(row.refunded_amount),
    parted_amount: money(row.parted_amount),
    part_of_id: row.part_of_id,
    failure_code: row.failure_code,
    failure_message: row.failure_message,
    next_action: row.action_url === null ? null : { type: 'redirect', url: row.action_url },
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
    processed_at: row.processed_at,
  }
}

/** A refund as it goes over the wire. */
export const printRefund = (row: RefundRow): Refund => ({
  id: row.id,
  payment_id: row.payment_id,
  kind: row.kind,
  amount: formatMoney(row.amount, row.currency),
  currency: row.currency,
  reason: row.reason,
  status: row.status,
  transaction_id: row.provider_ref,
  failure_code: row.failure_code,
  failure_message: row.failure_message,
  created_at: row.created_at,
  settled_at: row.settled_at,
})
