import type { Id } from '#kit/ids'
import { cartEvents } from '#modules/carts'
import { paymentEvents } from '#modules/payments'
import type { Context } from '#platform/context'
import { enqueue } from '#platform/jobs'
import { together } from '#platform/reactions'
import { checkoutEvents } from '../events.ts'
import { CLOSE_HOSTED } from './job-names.ts'
import { learn, rowOfNews } from './learn.ts'
import { markClosing } from './rows.ts'

/** Has closed by the provider what can still be paid for a cart that is bought or dropped. */
async function closeOf(ctx: Context, cart_id: Id<'cart'>): Promise<void> {
  const { rows } = await markClosing.run(ctx, { cart_id, now: ctx.now })
  for (const { id } of rows) {
    await enqueue(ctx, { name: CLOSE_HOSTED }, { payload: { hosted_id: id } })
  }
}

export const hostedReactions = [
  // In the transaction that keeps the webhook: nothing is answered that is not taken down.
  together(paymentEvents.hosted_changed, 'checkout.follow_hosted', async (ctx, news) => {
    const row = await rowOfNews(ctx, news)
    if (row) await learn(ctx, row, news)
  }),
  together(cartEvents.converted, 'checkout.close_converted', (ctx, { cart_id }) =>
    closeOf(ctx, cart_id),
  ),
  together(checkoutEvents.expired, 'checkout.close_expired', (ctx, { cart_id }) =>
    closeOf(ctx, cart_id),
  ),
]
