import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { told } from '../credit.ts'
import { giftCardEvents } from '../events.ts'
import { accountById, bookIfThere } from '../ledger.ts'
import type { AccountRow } from '../tables.ts'
import { disableCard } from './change-gift-card.ts'
import { giftCardToChange, statusNow } from './find.ts'
import { newCard, storeCards } from './issue-gift-cards.ts'
import type { GiftCardRecipient } from './recipient.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** One unit of an order that was sold as a gift card; `amount` in minor units of `currency`. */
export type SoldCard = {
  order_id: Id<'order'>
  order_line_id: Id<'order_line'>
  /** Counts the units of the line from 1. */
  unit: number
  /** The buyer, unless the card is for somebody else: customers see the cards that are theirs. */
  customer_id: Id<'customer'> | null
  recipient: GiftCardRecipient | null
  currency: string
  amount: number
  /** For how long it pays; null for ever. */
  valid_days: number | null
}

/**
 * Makes the gift cards of units that are paid, in the caller's transaction, each once for ever: the
 * reference of its first entry names line and unit. Nobody is told a code: `renewCode` draws one
 * for the letter that tells it. Answers the accounts, in the order of `cards`.
 */
export async function issueSoldCards(
  ctx: Context,
  cards: readonly SoldCard[],
): Promise<Id<'credit_account'>[]> {
  const issued = cards.map(({ order_id, customer_id, currency, amount, ...card }) => {
    const { email = null, name = null, message = null } = card.recipient ?? {}
    const told = { recipient_email: email, recipient_name: name, message }
    const reference_id = `${card.order_line_id} ${card.unit}`
    const reference = { reference_type: 'order_unit', reference_id }
    const days = card.valid_days
    const expires_at =
      days === null ? null : new Date(Date.parse(ctx.now) + days * DAY_MS).toISOString()
    const money = { currency, amount, reference, order_id }
    return newCard(ctx, { customer_id, expires_at, ...told }, money)
  })
  await storeCards(ctx, issued)
  return issued.map(({ account }) => account.id)
}

type Sold = { account_id: Id<'credit_account'>; amount: number; order_id: Id<'order'> }

/**
 * Takes off a card what it was sold for, because that is refunded or cancelled. The write itself
 * looks whether so much is left: answers false, and changes nothing, where some of it was spent.
 */
export async function voidSoldCard(ctx: Context, { amount, ...sold }: Sold): Promise<boolean> {
  const account = await accountOf(ctx, sold)
  const { order_id } = sold
  const reason = 'what it was sold for is given back'
  const booking = { kind: 'deducted', amount: -amount, order_id, reason } as const
  const booked = await bookIfThere(ctx, account, booking)
  if (booked) emit(ctx, giftCardEvents.voided(told(account, booked)))
  return booked !== undefined
}

type Stopped = Pick<Sold, 'account_id'> & { reason: string }

/** Disables a card that something is left on; one that is stopped or over already stays so. */
export async function stopSoldCard(ctx: Context, { account_id, reason }: Stopped): Promise<void> {
  const card = await giftCardToChange(ctx, account_id)
  if (card.balance_amount === 0 || statusNow(ctx, card) !== 'active') return
  await disableCard(ctx, card, reason)
}

/** Puts back what `voidSoldCard` took: the refund failed, and the money is the shop's again. */
export async function reinstateSoldCard(ctx: Context, { amount, ...sold }: Sold): Promise<void> {
  const account = await accountOf(ctx, sold)
  const { order_id } = sold
  const reason = 'what it was sold for was not given back'
  const booked = await bookIfThere(ctx, account, { kind: 'granted', amount, order_id, reason })
  if (!booked) throw new Error(`gift card ${account.id} cannot hold what was taken off it`)
  emit(ctx, giftCardEvents.reinstated(told(account, booked)))
}

async function accountOf(
  ctx: Context,
  { account_id }: Pick<Sold, 'account_id'>,
): Promise<AccountRow> {
  const account = await accountById.first(ctx, { id: account_id })
  if (!account) throw new Error(`gift card ${account_id} is gone`)
  return account
}
