import type { DomainError } from '#kit/errors'
import { formatMoney, parseMoney } from '#kit/money'
import { convertCart, type PricedCart, recipientsIn } from '#modules/carts'
import { placeOrder } from '#modules/orders'
import { redeem } from '#modules/promotions'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { holderOf } from './advance.ts'
import { buyerOf } from './buyer.ts'
import { dueBeside } from './credits/applied.ts'
import { beginCredit, changedCredit, nextCredit } from './credits/pay-by-credit.ts'
import { checkoutErrors } from './errors.ts'
import { checkoutEvents } from './events.ts'
import { stepOf } from './lifecycle.ts'
import { beginPaying, meansOf, payAgain, type Step } from './paying.ts'
import { placedOrderOf } from './placed-order.ts'
import type { CompleteCheckout } from './schemas.ts'
import {
  type LockedSession,
  lockedSession,
  payableUntil,
  requireUnplaced,
  saveSession,
} from './sessions.ts'
import type { SessionRow } from './tables.ts'
import { factsOf, told } from './telling.ts'

/**
 * The first transaction of `complete`: places the order of this checkout, or finds it, and begins
 * its payment under `key`. Whatever fails undoes all of it, but for a changed price: that is shown
 * to the buyer, and remembered as shown.
 */
export async function placeOrContinue(
  ctx: Context,
  input: CompleteCheckout,
  key: string,
): Promise<Step> {
  const locked = await lockedSession(ctx, input)
  const { session, stored } = locked
  if (session.order_id) return payAgain(ctx, session, { input, key })
  requireUnplaced(ctx, session)
  const now = await told(ctx, session, stored)
  requireSteps({ ...session, ...factsOf(now) })
  const { total_amount } = now.priced
  const refusal =
    (await changedPrice(ctx, locked, { now, input })) ??
    (await changedCredit(ctx, session, { total_amount }))
  return refusal ? { refusal } : place(ctx, locked, { now, input, key })
}

const PROBLEMS = {
  CustomerInfo: 'nobody said who buys',
  ShippingAddress: 'nobody said where it goes',
  ShippingMethod: 'nobody said how it goes, or nothing goes there',
}

function requireSteps(session: SessionRow): void {
  const step = stepOf(session)
  if (step !== 'Payment') throw checkoutErrors.step_missing({ step, problem: PROBLEMS[step] })
}

type Now = { now: PricedCart; input: CompleteCheckout }

/** Refuses a total that the buyer was not shown and does not expect; from now on it is shown. */
async function changedPrice(
  ctx: Context,
  { session, stored }: LockedSession,
  { now, input }: Now,
): Promise<DomainError | undefined> {
  const { currency } = stored.cart
  const new_amount = now.priced.total_amount
  const { expected_total } = input
  const old_amount =
    expected_total === undefined
      ? session.total_amount
      : parseMoney(expected_total, currency, 'expected_total')
  if (old_amount === new_amount && currency === session.currency) return undefined
  const { id: checkout_id, cart_id } = session
  const amounts = { currency, old_amount: session.total_amount, new_amount }
  const isShown = session.total_amount === new_amount && session.currency === currency
  if (!isShown) {
    emit(ctx, checkoutEvents.price_changed({ checkout_id, cart_id, ...amounts }))
    const dropped = currency === session.currency ? {} : { credits: [] }
    await saveSession(ctx, session, { change: { ...factsOf(now), ...dropped, currency } })
  }
  return checkoutErrors.price_changed({
    old_total: formatMoney(old_amount, currency),
    new_total: formatMoney(new_amount, currency),
    currency,
    refused_codes: now.refused
      .filter(({ code }) => code !== null)
      .map(({ code, reason, explanation }) => ({ code, reason, explanation })),
  })
}

/** Lock after lock: the cart (held), the new order, its payment, stock, and coupons last. */
async function place(
  ctx: Context,
  { session, stored }: LockedSession,
  { now, input, key }: Now & { key: string },
): Promise<Step> {
  const { credits } = session
  const isCovered = dueBeside(now.priced.total_amount, credits) === 0
  const means = isCovered ? undefined : meansOf(session, input)
  const customer_id = await buyerOf(ctx, session)
  const { prices_include_tax } = ctx.settings
  const wanted = placedOrderOf({ ...session, ...means }, now, { customer_id, prices_include_tax })
  const recipients = recipientsIn(stored.lines)
  const order = await placeOrder(ctx, { ...wanted, recipients, holder: holderOf(session) })
  const { id: order_id, currency } = order
  const expires_at = payableUntil(ctx)
  const placed = { ...means, ...factsOf(now), customer_id, order_id, expires_at }
  const credit = nextCredit(order, credits)
  const begin = () => {
    if (credit) return beginCredit(ctx, order, { credit, placed_now: true })
    return means && beginPaying(ctx, order, { means, key, placed_now: true })
  }
  const [{ session: saved }, , asked] = await Promise.all([
    saveSession(ctx, session, { change: { ...placed, held_until: null } }),
    convertCart(ctx, stored, { order_id, told: now }),
    begin(),
  ])
  await redeem(ctx, { order_id, customer_id, currency, discounts: now.priced.discounts })
  const done = { placed: { order, session: saved, payment: null }, by_credit: credit !== undefined }
  return { ...done, ...(asked && { asked }) }
}
