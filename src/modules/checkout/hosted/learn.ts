import type { Hosted, HostedNews } from '#modules/payments'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { emit } from '#platform/events'
import { enqueue } from '#platform/jobs'
import { endSession } from '../end-session.ts'
import { checkoutEvents } from '../events.ts'
import { sessionById } from '../sessions.ts'
import { PLACE_HOSTED } from './job-names.ts'
import { hostedById, hostedByRef, markClosed, markPaid, noteFailure } from './rows.ts'
import type { HostedRow } from './tables.ts'

/** What somebody says of a page or intent: an answer of the provider, or its webhook. */
export type Told = Pick<
  Hosted,
  'ref' | 'payment_ref' | 'status' | 'payment_status' | 'amount' | 'currency' | 'customer_email'
> & { occurred_at: string; failure?: HostedNews['failure'] | null }

/** Where a row's own id stands in what the provider was told, and tells back. */
export const OWN_ID = 'hosted_checkout_id'

/** The row that news are about: by our own id in them, else by what the provider calls it. */
export async function rowOfNews(
  ctx: Context,
  { metadata, ref, payment_ref }: Pick<HostedNews, 'metadata' | 'ref' | 'payment_ref'>,
): Promise<HostedRow | undefined> {
  const id = metadata[OWN_ID]
  // It came through other hands: it need not be an id of ours.
  const named = id && /^[0-9a-f-]{36}$/.test(id) ? await hostedById.first(ctx, { id }) : undefined
  if (named) return named
  const known = await hostedByRef.first(ctx, { ref })
  return known ?? (payment_ref ? hostedByRef.first(ctx, { ref: payment_ref }) : undefined)
}

/**
 * Takes down what the provider says, in whatever order and however often it is said: each write
 * names the states that it may follow. Money that is there is stored with the job that makes the
 * order of it, so that a crash right after leaves nothing to be forgotten.
 */
export async function learn(ctx: Context, row: HostedRow, told: Told): Promise<void> {
  if (told.payment_status === 'paid') return paid(ctx, row, told)
  if (told.status === 'expired') return closed(ctx, row, told)
  if (told.failure) await failed(ctx, row, told.failure)
}

async function paid(ctx: Context, row: HostedRow, told: Told): Promise<void> {
  const { id } = row
  const { affected } = await markPaid.run(ctx, {
    id,
    ref: ownRef(row, told),
    payment_ref: told.payment_ref,
    paid_amount: told.amount,
    paid_at: told.occurred_at,
    customer_email: told.customer_email,
    now: ctx.now,
  })
  if (affected === 1) await enqueue(ctx, { name: PLACE_HOSTED }, { payload: { hosted_id: id } })
}

/** A paid page is told by the name of its payment too, which is not its own. */
const ownRef = ({ ref, kind }: HostedRow, told: Told): string | null =>
  ref ?? (kind !== 'intent' && told.ref === told.payment_ref ? null : told.ref)

async function closed(ctx: Context, row: HostedRow, told: Told): Promise<void> {
  const { id, cart_id, checkout_id } = row
  await lockEntity(ctx, 'cart', cart_id)
  const now = await hostedById.first(ctx, { id })
  const to = 'expired'
  const { affected } = await markClosed.run(ctx, { id, to, ref: ownRef(row, told), now: ctx.now })
  // What was closed for something else leaves the checkout to that.
  if (affected === 0 || now?.status === 'closing') return
  const session = await sessionById.first(ctx, { id: checkout_id })
  if (session?.status === 'open' && !session.order_id) await endSession(ctx, session, 'time_over')
}

async function failed(
  ctx: Context,
  row: HostedRow,
  { code, message }: { code: string; message: string },
): Promise<void> {
  const { id, cart_id, checkout_id, amount, currency, customer_email } = row
  const failure = { failure_code: code, failure_message: message }
  const { affected } = await noteFailure.run(ctx, { id, ...failure, now: ctx.now })
  if (affected === 0) return
  const session = await sessionById.first(ctx, { id: checkout_id })
  emit(
    ctx,
    checkoutEvents.payment_failed({
      checkout_id,
      cart_id,
      customer_id: session?.customer_id ?? null,
      customer_email: session?.email ?? customer_email,
      amount,
      currency,
      code,
      message,
    }),
  )
}
