import { type Static, type TSchema, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money, MoneyInput } from '#kit/money'
import { Instant, Nullable, Text } from '#kit/schemas'
import { Email } from '#modules/access'
import { Code } from '#modules/credit'
import { checkoutLifecycle, STEPS } from './lifecycle.ts'
import * as stored from './tables.ts'

const Option = Type.Object({
  ...stored.ShippingOption.properties,
  amount: Money,
})

/** A gift card or store credit that pays, or will. */
const Credit = Type.Object({
  type: stored.AppliedCredit.properties.kind,
  id: IdSchema('credit_account'),
  last_four: Nullable(Type.String({ description: "The end of a gift card's code." })),
  amount: Type.Unsafe<string>({ ...Money, description: 'What it pays of the total.' }),
  balance: Type.Unsafe<string>({ ...Money, description: 'What could be used of it when shown.' }),
})

/** A checkout as it is answered: what its buyer has said, and what it comes to. */
export const Checkout = Type.Object({
  id: IdSchema('checkout'),
  cart_id: IdSchema('cart'),
  status: checkoutLifecycle.schema,
  step: Type.Enum([...STEPS], { description: 'The first that is missing, or Payment.' }),
  subtotal: Money,
  discount_total: Money,
  shipping_total: Money,
  tax_total: Money,
  total: Money,
  credits: Type.Array(Credit, {
    description: 'Gift cards and store credit, in the order they pay.',
  }),
  credit_total: Money,
  amount_due: Type.Unsafe<string>({
    ...Money,
    description: 'The total less the credit: what `complete` asks of the payment method.',
  }),
  currency: Currency,
  customer_email: Nullable(Type.String()),
  subscribe_newsletter: Type.Boolean(),
  shipping_address: Nullable(stored.CheckoutAddress),
  billing_address: Nullable(stored.CheckoutAddress),
  shipping_method: Nullable(Type.String()),
  shipping_options: Type.Array(Option),
  requires_shipping: Type.Boolean(),
  payment_method: Nullable(Type.Enum([...stored.PAYMENT_METHODS])),
  order_id: Nullable(IdSchema('order')),
  expires_at: Instant,
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Checkout = Static<typeof Checkout>

const session_id = Type.Optional(
  Type.String({
    minLength: 16,
    maxLength: 200,
    pattern: '^[\\x21-\\x7e]+$',
    description: "A guest's secret. It may be sent as the header `X-Cart-Session` instead.",
  }),
)
const of = { id: IdSchema('checkout'), session_id }
const or = <T extends TSchema>(schema: T) => Type.Optional(Nullable(schema))

const Method = Text(100, { description: 'Standard, Express, Overnight, or a code of your own.' })
const PaymentMethod = Type.Unsafe<stored.PaymentMethod>(
  Type.Enum([...stored.PAYMENT_METHODS], { description: 'A wallet pays as the card behind it.' }),
)
const Token = Text(255, { description: "The provider's token of a card or account." })

export const StartCheckout = Type.Object({
  cart_id: IdSchema('cart'),
  session_id,
  email: or(Email),
  subscribe_newsletter: Type.Optional(Type.Boolean()),
  shipping_address: or(stored.CheckoutAddress),
  billing_address: or(stored.CheckoutAddress),
  shipping_method: or(Method),
  payment_method: or(PaymentMethod),
  payment_token: or(Token),
})
export type StartCheckout = Static<typeof StartCheckout>

export const GetCheckout = Type.Object(of)
export type GetCheckout = Static<typeof GetCheckout>

export const SetCustomer = Type.Object({
  ...of,
  email: Email,
  subscribe_newsletter: Type.Optional(Type.Boolean({ default: false })),
})
export type SetCustomer = Static<typeof SetCustomer>

export const SetAddress = Type.Object({ ...of, ...stored.CheckoutAddress.properties })
export type SetAddress = Static<typeof SetAddress>

export const SetShippingMethod = Type.Object({ ...of, method: Method })
export type SetShippingMethod = Static<typeof SetShippingMethod>
export const ChosenMethod = Type.Object({
  method: Type.String(),
  amount: Money,
  estimated_days: Nullable(Type.Integer()),
  session: Checkout,
})
export type ChosenMethod = Static<typeof ChosenMethod>

export const SetPayment = Type.Object({
  ...of,
  payment_method: PaymentMethod,
  payment_token: Type.Optional(Token),
})
export type SetPayment = Static<typeof SetPayment>

export const ApplyGiftCard = Type.Object({ ...of, code: Code })
export type ApplyGiftCard = Static<typeof ApplyGiftCard>

export const RemoveGiftCard = Type.Object({ ...of, gift_card_id: IdSchema('credit_account') })
export type RemoveGiftCard = Static<typeof RemoveGiftCard>

export const CompleteCheckout = Type.Object({
  ...of,
  payment_method: Type.Optional(PaymentMethod),
  payment_token: Type.Optional(Token),
  expected_total: Type.Optional(MoneyInput),
})
export type CompleteCheckout = Static<typeof CompleteCheckout>

const PAYMENT_STATUSES = [
  'pending',
  'processing',
  'requires_action',
  'authorized',
  'succeeded',
  'partially_refunded',
  'refunded',
  'cancelled',
  'failed',
] as const
export const Completed = Type.Object({
  order_id: IdSchema('order'),
  order_number: Type.String({ examples: ['ORD-1000001'] }),
  checkout_id: IdSchema('checkout'),
  total: Money,
  currency: Currency,
  payment: Nullable(
    Type.Object(
      {
        id: IdSchema('payment'),
        status: Type.Enum([...PAYMENT_STATUSES]),
        next_action: Nullable(Type.Object({ type: Type.Literal('redirect'), url: Type.String() })),
      },
      { description: 'Null where nothing is to be paid.' },
    ),
  ),
})
export type Completed = Static<typeof Completed>
