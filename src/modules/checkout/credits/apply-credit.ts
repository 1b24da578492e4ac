import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { cardByGuess, creditErrors, storeCreditOf, usableAccount } from '#modules/credit'
import { paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { advance } from '../advance.ts'
import { checkoutErrors } from '../errors.ts'
import type { ApplyGiftCard, Checkout, GetCheckout, RemoveGiftCard } from '../schemas.ts'
import {
  isLive,
  type LockedSession,
  lockedSession,
  requireUnplaced,
  saveSession,
} from '../sessions.ts'
import type { AppliedCredit, SessionRow } from '../tables.ts'
import { checkoutOf } from '../wire.ts'
import { CREDITS_MAX, paymentBy } from './applied.ts'

/**
 * Lets the gift card with this code pay a checkout. Nothing is taken from it before `complete`.
 * Twice is harmless. Throws `code_unknown` and `too_many_guesses` (wrong codes are counted),
 * `disabled`, `expired`, `currency_differs`, `insufficient` where nothing is left.
 */
export async function applyGiftCard(ctx: ProcessContext, input: ApplyGiftCard): Promise<Checkout> {
  const card = await cardByGuess(ctx, input.code)
  const credit = { account_id: card.id, kind: 'gift_card', last_four: card.last_four } as const
  return ctx.conclude(async (tx) => {
    const locked = await lockedSession(tx, input)
    return apply(tx, locked, credit)
  }, checkoutOf)
}

/**
 * Lets the store credit of the cart's customer pay a checkout: for them alone, or for staff. Throws
 * `credit_needs_customer`, and `none` or `insufficient` where there is nothing.
 */
export async function applyStoreCredit(ctx: Context, input: GetCheckout): Promise<Checkout> {
  const locked = await lockedSession(ctx, input)
  const { session, stored } = locked
  const { customer_id } = stored.cart
  const { actor } = ctx
  const isStaff = !actor.own_only && actor.may('orders:create')
  // Who only knows a guest's secret, or an e-mail, must not spend what belongs to a person.
  if (!customer_id || (actor.customer_id !== customer_id && !isStaff)) {
    throw checkoutErrors.credit_needs_customer()
  }
  const { currency } = session
  const account = await storeCreditOf(ctx, { customer_id, currency })
  if (!account) throw creditErrors.none({ currency })
  const credit = { account_id: account.id, kind: 'store_credit', last_four: null } as const
  return checkoutOf(await apply(ctx, locked, credit))
}

type Named = Omit<AppliedCredit, 'balance_amount'>

/**
 * Also once the order is placed: after a decline the buyer may want to pay with a card they have.
 */
async function apply(ctx: Context, locked: LockedSession, credit: Named): Promise<SessionRow> {
  const { session } = locked
  requireOpen(ctx, session)
  const { credits, currency } = session
  const { account_id } = credit
  if (credits.some((one) => one.account_id === account_id)) return session
  if (credits.length >= CREDITS_MAX) throw checkoutErrors.too_many_credits({ most: CREDITS_MAX })
  const { balance_amount } = await usableAccount(ctx, { account_id, currency })
  if (balance_amount === 0) {
    throw creditErrors.insufficient({ available: formatMoney(0, currency), currency })
  }
  return save(ctx, locked, [...credits, { ...credit, balance_amount }])
}

/**
 * Takes a gift card out again. One that has paid the placed order stays until that is cancelled.
 */
export const removeGiftCard = (ctx: Context, input: RemoveGiftCard): Promise<Checkout> =>
  remove(ctx, input, ({ account_id }) => account_id === input.gift_card_id)

/** Takes the store credit out again. */
export const removeStoreCredit = (ctx: Context, input: GetCheckout): Promise<Checkout> =>
  remove(ctx, input, ({ kind }) => kind === 'store_credit')

async function remove(
  ctx: Context,
  { id, session_id }: GetCheckout,
  isMeant: (credit: AppliedCredit) => boolean,
): Promise<Checkout> {
  const locked = await lockedSession(ctx, { id, session_id })
  const { session } = locked
  requireOpen(ctx, session)
  const meant = session.credits.find(isMeant)
  if (!meant) throw checkoutErrors.credit_not_applied({ checkout_id: id })
  await requireUnpaid(ctx, session, meant)
  return checkoutOf(
    await save(
      ctx,
      locked,
      session.credits.filter((one) => one !== meant),
    ),
  )
}

async function requireUnpaid(
  ctx: Context,
  { order_id }: SessionRow,
  credit: AppliedCredit,
): Promise<void> {
  if (!order_id) return
  const payments = await paymentsOfOrder(ctx, { order_id: order_id as Id<'order'> })
  if (paymentBy(credit, payments)) throw checkoutErrors.credit_taken({ order_id })
}

function requireOpen(ctx: Context, session: SessionRow): void {
  if (!session.order_id || !isLive(session, ctx.now)) requireUnplaced(ctx, session)
}

async function save(
  ctx: Context,
  locked: LockedSession,
  credits: readonly AppliedCredit[],
): Promise<SessionRow> {
  const change = { credits: [...credits] }
  if (!locked.session.order_id) return advance(ctx, locked, change)
  return (await saveSession(ctx, locked.session, { change })).session
}
