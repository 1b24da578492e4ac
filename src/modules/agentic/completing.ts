import type { Id } from '#kit/ids'
import { spendInSession } from '#modules/agents'
import { asOwner } from '#modules/checkout'
import type { OrderRow } from '#modules/orders'
import { type BegunPayment, beginPayment, paymentsOfOrder } from '#modules/payments'
import { isVaultToken, redeemToken } from '#modules/vault'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { pricedWishes, type Wishes } from './choices.ts'
import { agenticErrors } from './errors.ts'
import { lockedSession, requireOpen, saveSession, shown } from './find.ts'
import { agentSessionLifecycle as lifecycle, MOVES } from './lifecycle.ts'
import { completed, wishesOf } from './outcome.ts'
import { placeSession } from './placing.ts'
import type { AgentPayment, AgentSession, CompleteSession, PayerBrowser } from './schemas.ts'
import type { SessionRow, Told } from './tables.ts'
import { toldOf } from './telling.ts'

/**
 * What the first transaction came to; `asked` is what the provider is to be asked next, for a
 * session that is left as `paid_for`; `visited` a session whose payer was sent to the provider's
 * page and may be back.
 */
export type Step =
  | { session: AgentSession; visited?: SessionRow; asked?: undefined }
  | { asked: BegunPayment; paid_for: SessionRow }

/**
 * The first transaction of a completion: places the order at what was shown and begins its payment
 * under `key`, or finds what an earlier call has begun. What has changed since is shown instead,
 * and nothing is charged. Throws `ended`, `not_ready`, `payment_missing`,
 * `requires_authentication`.
 */
export async function beginCompletion(
  ctx: Context,
  input: CompleteSession,
  key: string,
): Promise<Step> {
  const row = await lockedSession(ctx, input)
  if (row.status === 'completed') return { session: row.document }
  requireOpen(ctx, row)
  if (row.order_id) return underWay(ctx, row, { order_id: row.order_id, key })
  requireReady(row)
  const wishes = { ...wishesOf(row.document), ...(input.buyer && { buyer: input.buyer }) }
  const priced = await pricedWishes(ctx, wishes)
  const now = toldOf(ctx, wishes, { priced, short: new Map(), before: row.document })
  const shown_amount = input.expected_total ?? row.total_amount
  if (now.status !== 'ready_for_payment' || now.totals.total !== shown_amount) {
    return { session: await shownAnew(ctx, row, now) }
  }
  const payment = input.payment ?? null
  if (now.totals.total > 0 && !payment) {
    throw agenticErrors.payment_missing({ field: '$.payment_data' })
  }
  const told = toldAfter(ctx, row, input)
  const order = await placeSession(ctx, row, {
    wishes,
    priced,
    payment,
    accepts_marketing: told.consents.some(({ opted_in }) => opted_in),
    order_notes: told.order_notes,
  })
  const goods_amount = now.totals.items_base
  const browser = input.browser ?? null
  return pay(ctx, row, { wishes, told, order, payment, browser, goods_amount, key })
}

/** A completion that was begun: the same key goes on with it, and another waits for its outcome. */
async function underWay(
  ctx: Context,
  row: SessionRow,
  { order_id, key }: { order_id: Id<'order'>; key: string },
): Promise<Step> {
  if (row.status === 'authentication_required') {
    // Who has nothing to bring asks what became of the visit.
    if (!row.document.authentication?.acquirer) return { session: row.document, visited: row }
    throw agenticErrors.requires_authentication({ field: '$.authentication_result' })
  }
  await lockEntity(ctx, 'order', order_id)
  const payments = await paymentsOfOrder(ctx, { order_id })
  const own = payments.find(({ id }) => (id as string) === key)
  if (!own) return { session: shown(row, ctx.now) }
  const wanted = { order_id, currency: row.currency, payment_method: 'credit_card' as const }
  const asked = await beginPayment(asOwner(ctx, row.customer_id), own.id, wanted)
  return { asked, paid_for: row }
}

function requireReady({ id: session_id, status, document }: SessionRow): void {
  if (status === 'ready_for_payment') return
  const first = document.messages.find(({ type }) => type === 'error')
  const problem = first?.content ?? 'something is missing.'
  throw agenticErrors.not_ready({ session_id, problem, param: first?.param ?? null })
}

/** What it comes to now is not what was shown: it is shown, and may be completed at that. */
async function shownAnew(
  ctx: Context,
  row: SessionRow,
  now: ReturnType<typeof toldOf>,
): Promise<AgentSession> {
  const total = now.totals.total
  const isOther = total !== row.total_amount
  const content = 'The total has changed; show it to the buyer and complete again.'
  const change = { type: 'warning', code: 'price_change', param: '$.totals', content } as const
  const messages = [...now.messages, ...(isOther ? [{ ...change, resolution: null }] : [])]
  const { row: saved } = await saveSession(ctx, row, {
    change: {
      status: lifecycle.next(row.status, MOVES[now.status]),
      total_amount: total,
      document: { ...now, messages },
    },
  })
  return saved.document
}

function toldAfter(ctx: Context, { told, document }: SessionRow, input: CompleteSession): Told {
  const offered = new Map(document.consent_options.map((one) => [one.channel, one.display_text]))
  const consents = (input.consents ?? []).flatMap(({ channel, opted_in }) => {
    const display_text = offered.get(channel)
    return display_text === undefined ? [] : [{ channel, opted_in, display_text, at: ctx.now }]
  })
  return {
    ...told,
    ...(consents.length > 0 && { consents }),
    ...(input.order_notes && { order_notes: input.order_notes }),
    ...(input.attribution && { last_touch: input.attribution }),
  }
}

type Pay = {
  wishes: Wishes
  told: Told
  order: OrderRow
  payment: AgentPayment | null
  browser: PayerBrowser | null
  /** Units times their prices: what an agent's limit counts. Minor units. */
  goods_amount: number
  key: string
}

/** Takes down that the provider will be asked; an order that costs nothing is done with this. */
async function pay(ctx: Context, row: SessionRow, step: Pay): Promise<Step> {
  const { wishes, told, order, payment, browser, goods_amount: amount, key } = step
  const { id: order_id, number, placed_at, customer_id, currency, total_amount } = order
  const token = total_amount > 0 ? payment?.token : undefined
  const change = {
    status: lifecycle.next(row.status, 'pay'),
    order_id,
    customer_id,
    held_until: null,
    told: { ...told, order: { id: order_id, number, placed_at }, browser },
    document: { buyer: wishes.buyer, messages: [] },
  }
  if (token && isVaultToken(token)) await spend(ctx, row, token)
  const payable = { customer_id, currency, total_amount, open: true }
  const [{ row: saved }, asked] = await Promise.all([
    saveSession(ctx, row, { change }),
    token &&
      beginPayment(asOwner(ctx, customer_id), key as Id<'payment'>, {
        order_id,
        currency,
        payment_method: 'credit_card',
        payment_method_id: token,
        placed_now: payable,
      }),
    spendInSession(ctx, { session_id: row.id, currency, amount }),
  ])
  if (!asked) return { session: await completed(ctx, saved) }
  return { asked, paid_for: saved }
}

/** A token of the vault pays this session once, within what it was given for. */
const spend = (ctx: Context, { id, total_amount, currency }: SessionRow, token: string) =>
  redeemToken(ctx, {
    token,
    checkout_session_id: id,
    merchant_id: ctx.settings.merchant_id,
    amount: total_amount,
    currency,
  })
