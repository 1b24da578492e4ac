import { paymentProviders } from '#modules/payments'
import type { Context } from '#platform/context'
import { unseal } from '#platform/sealed'
import type { HostedCheckout } from './schemas.ts'
import type { HostedRow } from './tables.ts'

type With = { secret?: boolean }

/** A page or intent as it is answered. Only the call that opens it tells its secret. */
export function hostedOf(
  ctx: Pick<Context, 'settings' | 'process'>,
  row: HostedRow,
  { secret = false }: With = {},
): HostedCheckout {
  const provider = paymentProviders.of(ctx).named(row.provider)
  const told = secret ? row.client_secret : null
  return {
    id: row.id,
    cart_id: row.cart_id,
    checkout_id: row.checkout_id,
    kind: row.kind,
    provider: row.provider,
    status: row.status,
    state: stateOf(row),
    payment_status: row.payment_status,
    ref: row.ref,
    url: row.url,
    client_secret: told && unseal(told, ctx.settings.jwt_secret),
    publishable_key: provider?.hosted?.publishable_key ?? null,
    amount: row.amount,
    currency: row.currency,
    customer_email: row.customer_email,
    order_id: row.order_id,
    failure_code: row.failure_code,
    failure_message: row.failure_message,
    metadata: row.metadata,
    expires_at: row.expires_at,
    created_at: row.created_at,
  }
}

/** The words of providers: what is closed for something else can be paid no more. */
function stateOf({ status }: HostedRow): HostedCheckout['state'] {
  if (status === 'opening' || status === 'open') return 'open'
  return status === 'paid' || status === 'complete' || status === 'returned'
    ? 'complete'
    : 'expired'
}
