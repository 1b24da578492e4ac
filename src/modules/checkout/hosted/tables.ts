import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import type { PlacedOrder } from '#modules/orders'
import type { Priced } from '#modules/pricing'
import { defineTables } from '#platform/tables'
import { hostedLifecycle } from './lifecycle.ts'

/** `page` at the provider, `embedded` in the shop's own page, `intent` for its own form. */
export const HOSTED_KINDS = ['page', 'embedded', 'intent'] as const
export const HOSTED_PAYMENT_STATUSES = ['paid', 'unpaid', 'no_payment_required'] as const

export const HostedMetadata = Type.Record(Type.String(), Type.String())

/** The order that is paid for, with all its money, as it was when the payer was told the amount. */
export type FrozenOrder = Omit<PlacedOrder, 'customer_id' | 'holder' | 'recipients'> & {
  priced: Priced
}

export const db = defineTables({
  hosted_checkouts: Type.Object({
    /** Also the key under which the provider is asked, so that asking again finds the same. */
    id: IdSchema('hosted_checkout'),
    cart_id: IdSchema('cart'),
    checkout_id: IdSchema('checkout'),
    kind: Type.Enum([...HOSTED_KINDS]),
    provider: Type.String(),
    status: hostedLifecycle.schema,
    payment_status: Type.Enum([...HOSTED_PAYMENT_STATUSES]),
    /** The provider's name of the page or intent, once it has told one. */
    ref: Nullable(Type.String()),
    /** The provider's name of the payment. */
    payment_ref: Nullable(Type.String()),
    url: Nullable(Type.String()),
    /** For the provider's script in the payer's browser; sealed. */
    client_secret: Nullable(Type.String()),
    amount: Amount,
    currency: Currency,
    customer_email: Nullable(Type.String()),
    /** What the caller keeps beside it, and what the provider is told: that and our own names. */
    metadata: Json(HostedMetadata),
    provider_metadata: Json(HostedMetadata),
    success_url: Nullable(Type.String()),
    cancel_url: Nullable(Type.String()),
    method_types: Nullable(Json(Type.Array(Type.String()))),
    placed: Nullable(Json(Type.Unsafe<FrozenOrder>(Type.Object({})))),
    order_id: Nullable(IdSchema('order')),
    /** What was paid, in minor units, and when, by the provider's clock. */
    paid_amount: Nullable(Amount),
    paid_at: Nullable(Instant),
    /** Why the last attempt failed, or why there could be no order. */
    failure_code: Nullable(Type.String()),
    failure_message: Nullable(Type.String()),
    expires_at: Instant,
    /** When the sweeper looks at it; while it does, when its lease ends. */
    check_at: Instant,
    created_at: Instant,
    updated_at: Instant,
  }),
})

export type HostedRow = Static<(typeof db.tables)['hosted_checkouts']>
