import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { paymentById } from '../books.ts'
import { partMeant } from '../parts.ts'
import type { ProviderAnswer } from '../provider.ts'
import { db, type PaymentRow } from '../tables.ts'

const paymentByRequest = prepared(db, (open, p: { request_id: Id<'payment_request'> }) =>
  open
    .selectFrom('payments')
    .innerJoin('payment_requests', 'payment_requests.payment_id', 'payments.id')
    .select('payments.id')
    .where('payment_requests.id', '=', p.request_id),
)
export const paymentByRef = prepared(db, (open, p: { provider: string; provider_ref: string }) =>
  open
    .selectFrom('payments')
    .select('id')
    .where('provider', '=', p.provider)
    .where('provider_ref', '=', p.provider_ref),
)

/**
 * The payment that is spoken of: by our own key where the provider repeats it, else by its name.
 */
export async function paymentOf(
  ctx: Context,
  provider: string,
  { payment_ref, facts }: ProviderAnswer,
): Promise<PaymentRow | undefined> {
  // What stands there is somebody else's word: it need not be a key of ours.
  const key = facts.find(({ request_id }) => request_id !== null && isUuid(request_id))?.request_id
  const request_id = key as Id<'payment_request'> | undefined
  const asked = request_id && (await paymentByRequest.first(ctx, { request_id }))
  if (asked) return paymentById.first(ctx, { id: asked.id })
  const named =
    payment_ref && (await paymentByRef.first(ctx, { provider, provider_ref: payment_ref }))
  const whole = named ? await paymentById.first(ctx, { id: named.id }) : undefined
  return whole && partMeant(ctx, whole, facts)
}
