import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency, CurrencyInput } from '#kit/money'
import { Instant, Nullable, Text } from '#kit/schemas'
import { Email } from '#modules/access'
import { CheckoutAddress } from '../tables.ts'
import { hostedLifecycle } from './lifecycle.ts'
import { HOSTED_KINDS, HOSTED_PAYMENT_STATUSES, HostedMetadata } from './tables.ts'

/** A page or an intent at the payment provider, as its buyer sees it. Amounts are minor units. */
export const HostedCheckout = Type.Object({
  id: IdSchema('hosted_checkout'),
  cart_id: IdSchema('cart'),
  checkout_id: IdSchema('checkout'),
  kind: Type.Enum([...HOSTED_KINDS]),
  provider: Type.String(),
  /** How it stands here; `state` is the same in the words of providers. */
  status: hostedLifecycle.schema,
  state: Type.Enum(['open', 'complete', 'expired']),
  payment_status: Type.Enum([...HOSTED_PAYMENT_STATUSES]),
  ref: Nullable(Type.String({ description: 'What the provider calls it.' })),
  url: Nullable(Type.String()),
  client_secret: Nullable(
    Type.String({ description: 'Told by the call that opens it, and by nothing else.' }),
  ),
  publishable_key: Nullable(Type.String()),
  amount: Amount,
  currency: Currency,
  customer_email: Nullable(Type.String()),
  order_id: Nullable(IdSchema('order')),
  failure_code: Nullable(Type.String()),
  failure_message: Nullable(Type.String()),
  metadata: HostedMetadata,
  expires_at: Instant,
  created_at: Instant,
})
export type HostedCheckout = Static<typeof HostedCheckout>

const session_id = Type.Optional(
  Type.String({
    minLength: 8,
    maxLength: 200,
    pattern: '^[\\x21-\\x7e]+$',
    description: "A guest's secret. It may be sent as the header `X-Cart-Session` instead.",
  }),
)
const Url = Type.String({
  minLength: 8,
  maxLength: 2000,
  pattern: '^https?://[\\x21-\\x7e]+$',
  examples: ['https://shop.example/thanks'],
})

/** Names and values that are kept beside it and told back; the provider has them too. */
export const MetadataInput = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,40}$' }),
  Type.String({ maxLength: 500 }),
  { maxProperties: 20 },
)

const asked = {
  cart_id: IdSchema('cart'),
  session_id,
  email: Type.Optional(Nullable(Email)),
  shipping_address: Type.Optional(Nullable(CheckoutAddress)),
  metadata: Type.Optional(MetadataInput),
}

export const OpenHosted = Type.Object({
  ...asked,
  kind: Type.Enum(['page', 'embedded'], {
    description: 'At the provider, or within a page of the shop.',
  }),
  success_url: Url,
  cancel_url: Type.Optional(Nullable(Url)),
})

export const OpenIntent = Type.Object({
  ...asked,
  amount: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Refused unless it is what the cart comes to.' }),
  ),
  currency: Type.Optional(CurrencyInput),
  payment_method_types: Type.Optional(
    Type.Array(Text(50), { minItems: 1, maxItems: 10, uniqueItems: true }),
  ),
})

export const GetHosted = Type.Object({
  ref: Text(255, { description: 'What the provider calls it, or its id here.' }),
  session_id,
})

/** Everything that can be asked for, whichever way. */
export type Wanted = Static<typeof OpenIntent> & {
  kind: HostedCheckout['kind']
  success_url?: string
  cancel_url?: string | null | undefined
  /** Told to the provider beside `metadata`, and not told back. */
  labels?: Record<string, string>
}
export type OpenHosted = Static<typeof OpenHosted>
export type OpenIntent = Static<typeof OpenIntent>
export type GetHosted = Static<typeof GetHosted>
