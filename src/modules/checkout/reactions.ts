import type { Id } from '#kit/ids'
import { cartEvents } from '#modules/carts'
import { orderEvents } from '#modules/orders'
import type { Context } from '#platform/context'
import { together } from '#platform/reactions'
import { completeSession, expireSession } from './end-session.ts'
import { sessionOfCart, sessionOfOrder } from './sessions.ts'

/** What the money of an order must be for its checkout to be done. */
const SETTLED = new Set(['authorized', 'paid'])

async function endOfCart(
  ctx: Context,
  cart_id: Id<'cart'>,
  because: 'cart_closed' | 'order_cancelled',
): Promise<void> {
  const session = await sessionOfCart.first(ctx, { cart_id })
  if (session?.status === 'open') await expireSession(ctx, session, because)
}

// Orders that were placed without a cart have no checkout: then nothing is looked up.
export const reactions = [
  together(
    orderEvents.payment_status_changed,
    'checkout.follow_money',
    async (ctx, { order_id, cart_id, new_status }) => {
      if (cart_id && SETTLED.has(new_status)) await completeSession(ctx, order_id)
    },
  ),
  together(orderEvents.cancelled, 'checkout.follow_cancelled', async (ctx, { cart_id }) => {
    if (cart_id) await endOfCart(ctx, cart_id, 'order_cancelled')
  }),
  together(orderEvents.merged, 'checkout.follow_merged_order', async (ctx, into) => {
    // What is to be paid is another order's now: nobody can pay it by the checkout of this one.
    for (const order_id of into.merged_order_ids) {
      const session = await sessionOfOrder.first(ctx, { order_id })
      if (session?.status === 'open') await expireSession(ctx, session, 'order_cancelled')
    }
  }),
  together(cartEvents.abandoned, 'checkout.follow_abandoned', (ctx, { cart_id }) =>
    endOfCart(ctx, cart_id, 'cart_closed'),
  ),
  together(cartEvents.converted, 'checkout.follow_merged', async (ctx, cart) => {
    // With an order it is our own doing.
    if (cart.merged_into_id) await endOfCart(ctx, cart.cart_id, 'cart_closed')
  }),
]
