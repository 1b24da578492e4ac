import type { Context } from '#platform/context'
import type { Checkout, GetCheckout } from './schemas.ts'
import { findSession } from './sessions.ts'
import { checkoutOf } from './wire.ts'

/** A checkout as its buyer was shown it last. */
export async function getCheckout(ctx: Context, input: GetCheckout): Promise<Checkout> {
  return checkoutOf(await findSession(ctx, input))
}
