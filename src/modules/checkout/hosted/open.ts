import type { Id } from '#kit/ids'
import { cartForCheckout, type PricedCart } from '#modules/carts'
import { extendReservations } from '#modules/inventory'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { holderOf } from '../advance.ts'
import { startSession } from '../commands/start-checkout.ts'
import { checkoutErrors } from '../errors.ts'
import { checkoutEvents } from '../events.ts'
import { placedOrderOf } from '../placed-order.ts'
import { later, saveSession } from '../sessions.ts'
import type { SessionRow } from '../tables.ts'
import { told } from '../telling.ts'
import { askToOpen, closeHosted, openProvider } from './ask.ts'
import { completeFree } from './free.ts'
import { OWN_ID } from './learn.ts'
import { hostedById, inMs, insertHosted, liveHosted, markClosing } from './rows.ts'
import type { HostedCheckout, Wanted } from './schemas.ts'
import type { FrozenOrder, HostedRow } from './tables.ts'
import { hostedOf } from './wire.ts'

/** How often another page that is in the way is closed before the caller is asked to come back. */
const ROUNDS_MAX = 3

/**
 * Gives the buyer of a cart a place to pay at the provider: prices the cart, holds its units until
 * it closes, stores the intent, then asks the provider. There is one such place a cart: asked for
 * the same again it answers the same, and for anything else it closes the former one first.
 */
export async function openHosted(ctx: ProcessContext, wanted: Wanted): Promise<HostedCheckout> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const step = await ctx.transaction((tx) => prepare(tx, wanted), 'read committed')
    if (step.replaced) {
      await closeHosted(ctx, step.replaced)
      continue
    }
    if (step.row.status === 'opening') await askToOpen(ctx, step.row)
    const { id } = step.row
    return ctx.conclude(
      async (tx) => (await hostedById.first(tx, { id })) as HostedRow,
      (row) => hostedOf(ctx, row, { secret: true }),
    )
  }
  throw checkoutErrors.hosted_busy()
}

type Step = { row: HostedRow; replaced?: undefined } | { replaced: HostedRow }

async function prepare(ctx: Context, wanted: Wanted): Promise<Step> {
  const { name: provider } = openProvider(ctx)
  const { cart_id, session_id } = wanted
  const session = await startSession(ctx, saidIn(wanted))
  if (session.order_id) throw checkoutErrors.order_placed({ order_id: session.order_id })
  const stored = await cartForCheckout(ctx, { cart_id, session_id })
  const now = await told(ctx, session, stored)
  requireAmount(wanted, { currency: stored.cart.currency, total: now.priced.total_amount })
  const fresh = rowOf(ctx, { wanted, session, now, provider })
  const live = await liveHosted.first(ctx, { cart_id })
  if (live) {
    if (isSame(live, fresh, ctx.now)) return { row: live }
    await markClosing.run(ctx, { cart_id, now: ctx.now })
    return { replaced: { ...live, status: 'closing' } }
  }
  if (fresh.amount === 0) return { row: await completeFree(ctx, { row: fresh, session, stored }) }
  await insertHosted(ctx, { rows: [fresh] })
  await holdOn(ctx, session, fresh.expires_at)
  const { checkout_id, kind, currency, amount } = fresh
  emit(ctx, checkoutEvents.payment_opened({ checkout_id, cart_id, kind, currency, amount }))
  return { row: fresh }
}

const saidIn = ({ cart_id, session_id, email, shipping_address }: Wanted) => ({
  cart_id,
  ...(session_id && { session_id }),
  ...(email && { email }),
  ...(shipping_address && { shipping_address }),
})

/** The server's own total always; one that is named must be the same. */
function requireAmount(wanted: Wanted, { currency, total }: { currency: string; total: number }) {
  const { amount = total, currency: named = currency } = wanted
  if (amount !== total || named.toUpperCase() !== currency) {
    throw checkoutErrors.amount_mismatch({ total, currency, amount })
  }
  if (total === 0 && wanted.kind === 'intent') {
    throw checkoutErrors.nothing_to_pay({ cart_id: wanted.cart_id })
  }
}

type New = { wanted: Wanted; session: SessionRow; now: PricedCart; provider: string }

function rowOf(ctx: Context, { wanted, session, now, provider }: New): HostedRow {
  const id = ctx.newId('hosted_checkout')
  const { metadata = {}, labels = {}, kind } = wanted
  const placed = frozenOf(ctx, session, now)
  return {
    id,
    cart_id: session.cart_id,
    checkout_id: session.id,
    kind,
    provider,
    status: 'opening',
    payment_status: 'unpaid',
    ref: null,
    payment_ref: null,
    url: null,
    client_secret: null,
    amount: placed.priced.total_amount,
    currency: placed.currency,
    customer_email: placed.email,
    metadata,
    provider_metadata: { ...metadata, ...labels, [OWN_ID]: id },
    success_url: wanted.success_url ?? null,
    cancel_url: wanted.cancel_url ?? null,
    method_types: wanted.payment_method_types ?? null,
    placed,
    order_id: null,
    paid_amount: null,
    paid_at: null,
    failure_code: null,
    failure_message: null,
    expires_at: later(ctx.now, ctx.settings.hosted_checkout_minutes),
    // Long enough for the call that follows; the sweeper asks again after that.
    check_at: inMs(ctx.now, FIRST_LOOK_MS),
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}

const FIRST_LOOK_MS = 2 * 60_000

/** The order as it will be, whatever happens to the cart until it is paid. */
function frozenOf(ctx: Context, session: SessionRow, now: PricedCart): FrozenOrder {
  const { prices_include_tax } = ctx.settings
  const customer_id = session.customer_id as Id<'customer'>
  const { customer_id: _, ...placed } = placedOrderOf(session, now, {
    customer_id,
    prices_include_tax,
  })
  return placed
}

/** How long before its end one that is open already is not worth giving out any more. */
const LEFT_MS = 60_000

/** Whether what is open is what is asked for: the same goods at the same price, shown alike. */
function isSame(live: HostedRow, fresh: HostedRow, now: string): boolean {
  if (live.expires_at <= inMs(now, LEFT_MS)) return false
  const { [OWN_ID]: _, ...before } = live.provider_metadata
  const { [OWN_ID]: __, ...after } = fresh.provider_metadata
  const shown = (row: HostedRow, labels: object) =>
    JSON.stringify([
      row.kind,
      row.provider,
      row.amount,
      row.currency,
      row.success_url,
      row.cancel_url,
      row.method_types,
      row.placed?.email,
      row.placed?.shipping_address,
      row.placed?.lines.map(({ key, variant_id }) => [key, variant_id]),
      row.placed?.priced.lines.map(({ quantity, unit_amount }) => [quantity, unit_amount]),
      Object.entries(labels).sort(),
    ])
  return shown(live, before) === shown(fresh, after)
}

/** How long after its end a page's payment may still be on its way, in minutes. */
const GRACE_MINUTES = 10

/** The checkout and its units wait for as long as it can be paid, and a little longer. */
async function holdOn(ctx: Context, session: SessionRow, until: string): Promise<void> {
  const expires_at = later(until, GRACE_MINUTES)
  const held_until = session.held_until && later(expires_at, GRACE_MINUTES)
  const longer = held_until && { ...holderOf(session), expires_at: held_until, now: ctx.now }
  await saveSession(ctx, session, {
    change: { expires_at, held_until },
    writes: longer ? { held: extendReservations.bind(ctx, longer) } : {},
  })
}
