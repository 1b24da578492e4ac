import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { paymentById } from '../books.ts'
import { type PaymentProvider, paymentProviders, type WebhookNews } from '../provider.ts'
import { later } from '../reversals.ts'
import { settle } from '../settle.ts'
import { db, type PaymentRow, type WebhookRow } from '../tables.ts'

/** Tries before a parked webhook is left to a person: about ten hours. */
const ATTEMPTS_MAX = 20
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 60 * 60 * 1000
const LEASE_MS = 60_000
const BATCH = 50

const insertOnce = prepared(db, (open, p: WebhookRow) =>
  open
    .insertInto('payment_webhooks')
    .values({
      id: p.id,
      provider: p.provider,
      event_id: p.event_id,
      type: p.type,
      body: p.body,
      status: p.status,
      note: p.note,
      payment_id: p.payment_id,
      attempts: p.attempts,
      check_at: p.check_at,
      received_at: p.received_at,
      settled_at: p.settled_at,
    })
    .onConflict((conflict) => conflict.columns(['provider', 'event_id']).doNothing()),
)

/**
 * Keeps a webhook and settles what it says, in one transaction; one that is known has no effect.
 */
export async function receive(
  ctx: Context,
  provider: PaymentProvider,
  { news, body }: { news: WebhookNews; body: string },
): Promise<void> {
  const row: WebhookRow = {
    id: ctx.newId('payment_webhook'),
    provider: provider.name,
    event_id: news.event_id,
    type: news.type,
    body,
    status: news.answer ? 'received' : 'ignored',
    note: null,
    payment_id: null,
    attempts: 0,
    check_at: ctx.now,
    received_at: ctx.now,
    settled_at: news.answer ? null : ctx.now,
  }
  const { affected } = await insertOnce.run(ctx, row)
  if (affected === 0 || !news.answer) return
  const payment_id = await settleWebhook(ctx, row, news)
  if (payment_id) await settleParkedOf(ctx, payment_id)
}

/**
 * Tries due parked webhooks again, each in its own transaction; answers how many were looked at.
 */
export async function settleParked(ctx: ProcessContext): Promise<number> {
  const due = await ctx.transaction((tx) => claim(tx), 'read committed')
  for (const row of due) {
    try {
      await ctx.transaction((tx) => settleAgain(tx, row), 'read committed')
    } catch (error) {
      ctx.log.error({ err: error, webhook_id: row.id }, 'a parked webhook could not be settled')
    }
  }
  return due.length
}

/** A webhook that waited for this payment's news need not wait any longer. */
async function settleParkedOf(ctx: Context, payment_id: Id<'payment'>): Promise<void> {
  for (const row of await parkedOf(ctx, { payment_id })) await settleAgain(ctx, row)
}

async function settleAgain(ctx: Context, row: WebhookRow): Promise<void> {
  const provider = paymentProviders.of(ctx).named(row.provider)
  if (provider) await settleWebhook(ctx, row, provider.readWebhook(row.body))
}

/** Answers the payment if what the webhook says is part of it now. */
async function settleWebhook(
  ctx: Context,
  row: WebhookRow,
  { answer }: WebhookNews,
): Promise<Id<'payment'> | undefined> {
  if (!answer) return undefined
  const payment = await paymentOf(ctx, row.provider, answer)
  if (!payment) return park(ctx, row, { note: 'its payment is not known here', payment_id: null })
  const { id: payment_id, order_id } = payment
  const settled = await settle(ctx, { payment_id, order_id, answer, source: 'webhook' })
  const [waits] = settled.waiting
  if (waits) return park(ctx, row, { note: waits.law, payment_id })
  const status = settled.superseded ? 'superseded' : 'applied'
  const note = settled.superseded ? 'newer news had been settled before' : null
  await keep(ctx, { ...row, status, note, payment_id, settled_at: ctx.now })
  return payment_id
}

async function park(
  ctx: Context,
  row: WebhookRow,
  { note, payment_id }: Pick<WebhookRow, 'note' | 'payment_id'>,
): Promise<undefined> {
  const attempts = row.attempts + 1
  const status = attempts >= ATTEMPTS_MAX ? 'given_up' : 'parked'
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** row.attempts, LONGEST_PAUSE_MS)
  if (status === 'given_up') {
    ctx.log.error(
      { webhook_id: row.id, event_id: row.event_id, note },
      'a payment webhook is given up',
    )
  }
  await keep(ctx, { ...row, status, note, payment_id, attempts, check_at: later(ctx, pause) })
  return undefined
}

const updateWebhook = prepared(
  db,
  (
    open,
    p: Pick<
      WebhookRow,
      'id' | 'status' | 'note' | 'payment_id' | 'attempts' | 'check_at' | 'settled_at'
    >,
  ) =>
    open
      .updateTable('payment_webhooks')
      .set({
        status: p.status,
        note: p.note,
        payment_id: p.payment_id,
        attempts: p.attempts,
        check_at: p.check_at,
        settled_at: p.settled_at,
      })
      .where('id', '=', p.id),
)
const keep = (ctx: Context, row: WebhookRow) => updateWebhook.run(ctx, row)

const paymentByRequest = prepared(db, (open, p: { request_id: Id<'payment_request'> }) =>
  open
    .selectFrom('payments')
    .innerJoin('payment_requests', 'payment_requests.payment_id', 'payments.id')
    .select('payments.id')
    .where('payment_requests.id', '=', p.request_id),
)
const paymentByRef = prepared(db, (open, p: { provider: string; provider_ref: string }) =>
  open
    .selectFrom('payments')
    .select('id')
    .where('provider', '=', p.provider)
    .where('provider_ref', '=', p.provider_ref),
)

/**
 * The payment that is spoken of: by our own key where the provider repeats it, else by its name.
 */
async function paymentOf(
  ctx: Context,
  provider: string,
  { payment_ref, facts }: NonNullable<WebhookNews['answer']>,
): Promise<PaymentRow | undefined> {
  // What stands there is somebody else's word: it need not be a key of ours.
  const key = facts.find(({ request_id }) => request_id !== null && isUuid(request_id))?.request_id
  const request_id = key as Id<'payment_request'> | undefined
  const found =
    (request_id && (await paymentByRequest.first(ctx, { request_id }))) ||
    (payment_ref && (await paymentByRef.first(ctx, { provider, provider_ref: payment_ref })))
  return found ? paymentById.first(ctx, { id: found.id }) : undefined
}

const parkedOf = prepared(db, (open, p: { payment_id: Id<'payment'> }) =>
  open
    .selectFrom('payment_webhooks')
    .selectAll()
    .where('status', '=', 'parked')
    .where('payment_id', '=', p.payment_id)
    .orderBy('id'),
)

const claimParked = prepared(db, (open, p: { now: string; lease: string; batch: number }) =>
  open
    .updateTable('payment_webhooks')
    .set({ check_at: p.lease })
    .where('status', '=', 'parked')
    .where('check_at', '<=', p.now)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('payment_webhooks as due')
        .select('due.id')
        .where('due.status', '=', 'parked')
        .where('due.check_at', '<=', p.now)
        .orderBy('due.check_at')
        .limit(p.batch),
    )
    .returningAll(),
)
const claim = (ctx: Context): Promise<WebhookRow[]> =>
  claimParked(ctx, { now: ctx.now, lease: later(ctx, LEASE_MS), batch: BATCH })
