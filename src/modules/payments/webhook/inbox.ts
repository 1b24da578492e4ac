import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { keepDispute } from '../disputes.ts'
import { paymentEvents } from '../events.ts'
import type { HostedNews } from '../hosted.ts'
import { lookLater } from '../look-at-payment.ts'
import { type PaymentProvider, paymentProviders, type WebhookNews } from '../provider.ts'
import { later } from '../reversals.ts'
import { settle } from '../settle.ts'
import { db, type WebhookRow } from '../tables.ts'
import { paymentOf } from './payment-of.ts'

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
      hosted_ref: p.hosted_ref,
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
    status: isAboutPayment(news) ? 'received' : isOfInterest(news) ? 'applied' : 'ignored',
    note: null,
    payment_id: null,
    attempts: 0,
    check_at: ctx.now,
    received_at: ctx.now,
    settled_at: isAboutPayment(news) ? null : ctx.now,
    hosted_ref: news.hosted ? subjectOf(news.hosted) : null,
  }
  const { affected } = await insertOnce.run(ctx, row)
  if (affected === 0) return
  if (news.hosted) tellHosted(ctx, row, news.hosted)
  if (news.look_at !== undefined) {
    await lookLater(ctx, { provider: provider.name, payment_ref: news.look_at })
  }
  if (!isAboutPayment(news)) return
  const payment_id = await settleWebhook(ctx, row, news)
  if (payment_id) await settleParkedOf(ctx, payment_id)
}

const isAboutPayment = ({ answer, dispute }: WebhookNews) => (answer ?? dispute) !== undefined
const isOfInterest = ({ hosted, look_at }: WebhookNews) => (hosted ?? look_at) !== undefined

/** Whose history it is: the payment's, as soon as there is one. */
const subjectOf = ({ payment_ref, ref }: HostedNews): string => payment_ref ?? ref

function tellHosted(ctx: Context, { id, provider }: WebhookRow, news: HostedNews): void {
  const { failure = null, ...told } = news
  const about = { subject: subjectOf(news), provider, webhook_id: id }
  emit(ctx, paymentEvents.hosted_changed({ ...told, ...about, failure }))
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
  { answer, dispute }: WebhookNews,
): Promise<Id<'payment'> | undefined> {
  const about = answer ?? (dispute && { payment_ref: dispute.payment_ref, facts: [] })
  if (!about) return undefined
  const payment = await paymentOf(ctx, row.provider, about)
  if (!payment) return park(ctx, row, { note: 'its payment is not known here', payment_id: null })
  const { id: payment_id, order_id } = payment
  if (dispute) {
    await lockEntity(ctx, 'order', order_id)
    const status = await keepDispute(ctx, payment, dispute)
    return concluded(ctx, row, { status, payment_id })
  }
  const settled = await settle(ctx, { payment_id, order_id, answer: about, source: 'webhook' })
  const [waits] = settled.waiting
  if (waits) return park(ctx, row, { note: waits.law, payment_id })
  return concluded(ctx, row, { status: settled.superseded ? 'superseded' : 'applied', payment_id })
}

async function concluded(
  ctx: Context,
  row: WebhookRow,
  { status, payment_id }: { status: 'applied' | 'superseded'; payment_id: Id<'payment'> },
): Promise<Id<'payment'>> {
  const note = status === 'superseded' ? 'newer news had been settled before' : null
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
