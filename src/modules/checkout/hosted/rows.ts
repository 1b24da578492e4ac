import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Hosted } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { seal } from '#platform/sealed'
import { insertRows } from '#platform/tables'
import { db, type HostedRow } from './tables.ts'

// Every write carries the states that it may follow, and its row count is the answer.

type One = { id: Id<'hosted_checkout'> }

export const hostedById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('hosted_checkouts')
    .selectAll()
    .where('id', '=', p.id as HostedRow['id']),
)
/** By what the provider calls it: the page or intent itself, or the payment behind it. */
export const hostedByRef = prepared(db, (open, p: { ref: string }) =>
  open
    .selectFrom('hosted_checkouts')
    .selectAll()
    .where((eb) => eb.or([eb('ref', '=', p.ref), eb('payment_ref', '=', p.ref)])),
)
/** Where the cart can be paid for now. */
export const liveHosted = prepared(db, (open, p: { cart_id: Id<'cart'> }) =>
  open
    .selectFrom('hosted_checkouts')
    .selectAll()
    .where('cart_id', '=', p.cart_id)
    .where('status', 'in', sql<HostedRow['status']>`('opening', 'open')`),
)
/** What keeps a checkout from ending: money may be on its way. */
export const undecidedOf = prepared(db, (open, p: { checkout_id: Id<'checkout'> }) =>
  open
    .selectFrom('hosted_checkouts')
    .select('id')
    .where('checkout_id', '=', p.checkout_id)
    .where('status', 'in', sql<HostedRow['status']>`('opening', 'open', 'paid')`),
)

export const insertHosted = insertRows(db, 'hosted_checkouts')

type Opened = Pick<HostedRow, 'ref' | 'payment_ref' | 'url' | 'client_secret' | 'check_at'>
const opened = prepared(db, (open, p: One & Opened & { now: string }) =>
  open
    .updateTable('hosted_checkouts')
    .set({
      ref: sql`coalesce(ref, ${p.ref})`,
      payment_ref: sql`coalesce(payment_ref, ${p.payment_ref})`,
      url: p.url,
      client_secret: p.client_secret,
      // News may have come before the answer: then they count.
      status: sql`case when status = 'opening' then 'open' else status end`,
      check_at: sql`case when status = 'opening' then ${p.check_at} else check_at end`,
      updated_at: p.now,
    })
    .where('id', '=', p.id),
)

/** How often an open page is looked at where no news come, in milliseconds. */
const LOOK_MS = 10 * 60_000

/** Keeps what the provider has opened. */
export async function keepOpened(ctx: Context, { id }: One, hosted: Hosted): Promise<void> {
  const { ref, payment_ref, url, client_secret } = hosted
  await opened.run(ctx, {
    id,
    ref,
    payment_ref,
    url,
    client_secret: client_secret && seal(client_secret, ctx.settings.jwt_secret),
    check_at: inMs(ctx.now, LOOK_MS),
    now: ctx.now,
  })
}

export const inMs = (now: string, ms: number): string =>
  new Date(Date.parse(now) + ms).toISOString()

type Paid = Pick<HostedRow, 'ref' | 'payment_ref' | 'paid_amount' | 'paid_at' | 'customer_email'>

/** The money is there. No row: that was known. */
export const markPaid = prepared(db, (open, p: One & Paid & { now: string }) =>
  open
    .updateTable('hosted_checkouts')
    .set({
      status: 'paid',
      payment_status: 'paid',
      ref: sql`coalesce(ref, ${p.ref})`,
      payment_ref: p.payment_ref,
      paid_amount: p.paid_amount,
      paid_at: p.paid_at,
      customer_email: sql`coalesce(customer_email, ${p.customer_email})`,
      url: null,
      client_secret: null,
      check_at: p.now,
      updated_at: p.now,
    })
    .where('id', '=', p.id)
    .where(
      'status',
      'in',
      sql<HostedRow['status']>`('opening', 'open', 'closing', 'expired', 'refused')`,
    ),
)

type Ended = Pick<
  HostedRow,
  'status' | 'payment_status' | 'order_id' | 'failure_code' | 'failure_message'
>
/** What came of the money, or of a cart that costs nothing. */
export const endHosted = prepared(db, (open, p: One & Ended & { from: string; now: string }) =>
  open
    .updateTable('hosted_checkouts')
    .set({
      status: p.status,
      payment_status: p.payment_status,
      order_id: p.order_id,
      failure_code: p.failure_code,
      failure_message: p.failure_message,
      updated_at: p.now,
    })
    .where('id', '=', p.id)
    .where('status', '=', p.from as HostedRow['status']),
)

type Closed = One & { to: 'expired' | 'refused'; ref: string | null; now: string }
/** It can be paid no more. */
export const markClosed = prepared(db, (open, p: Closed) =>
  open
    .updateTable('hosted_checkouts')
    .set({
      status: p.to,
      ref: sql`coalesce(ref, ${p.ref})`,
      url: null,
      client_secret: null,
      updated_at: p.now,
    })
    .where('id', '=', p.id)
    .where('status', 'in', sql<HostedRow['status']>`('opening', 'open', 'closing')`),
)

/** Something else took its place: it is to be closed at the provider. */
export const markClosing = prepared(db, (open, p: { cart_id: Id<'cart'>; now: string }) =>
  open
    .updateTable('hosted_checkouts')
    .set({ status: 'closing', check_at: p.now, updated_at: p.now })
    .where('cart_id', '=', p.cart_id)
    .where('status', 'in', sql<HostedRow['status']>`('opening', 'open')`)
    .returning('id'),
)

type Failure = One & Pick<HostedRow, 'failure_code' | 'failure_message'> & { now: string }
/** The payer tried in vain, and may try again. */
export const noteFailure = prepared(db, (open, p: Failure) =>
  open
    .updateTable('hosted_checkouts')
    .set({
      failure_code: p.failure_code,
      failure_message: p.failure_message,
      updated_at: p.now,
    })
    .where('id', '=', p.id)
    .where('status', 'in', sql<HostedRow['status']>`('opening', 'open', 'closing')`),
)
