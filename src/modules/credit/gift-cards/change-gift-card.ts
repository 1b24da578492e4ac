import { parseMoney } from '#kit/money'
import { normalEmail } from '#modules/access'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { told } from '../credit.ts'
import { giftCardEvents } from '../events.ts'
import { book } from '../ledger.ts'
import { creditAccountLifecycle } from '../lifecycle.ts'
import { type AccountRow, db } from '../tables.ts'
import {
  findGiftCard,
  giftCardToChange,
  printGiftCard,
  type StoredCard,
  statusNow,
} from './find.ts'
import { endOf, requireCustomer } from './issue-gift-cards.ts'
import type {
  DisableGiftCard,
  GetGiftCard,
  GiftCard,
  TopUpGiftCard,
  UpdateGiftCard,
} from './schemas.ts'

/** Adds to a card that can pay. Throws `too_much`, and 409 for one that is stopped or over. */
export async function topUpGiftCard(ctx: Context, input: TopUpGiftCard): Promise<GiftCard> {
  const card = await lockedCard(ctx, input)
  creditAccountLifecycle.next(statusNow(ctx, card), 'top_up')
  const amount = parseMoney(input.amount, card.currency)
  if (amount <= 0) throw invalidField('amount', 'must be above zero')
  const reason = input.reason ?? null
  const booked = await book(ctx, card, { kind: 'topped_up', amount, reason })
  emit(ctx, giftCardEvents.topped_up(told(card, booked)))
  return printGiftCard(ctx, await findGiftCard(ctx, card.id))
}

/** Stops a card; what is on it stays, and what is already held by it stays held. */
export async function disableGiftCard(
  ctx: Context,
  {
    id,
    reason = null as string | null,
  }: Omit<DisableGiftCard, 'reason'> & { reason?: string | null },
): Promise<GiftCard> {
  return disableCard(ctx, await lockedCard(ctx, { id }), reason)
}

/** The same for a card that is locked. */
export function disableCard(
  ctx: Context,
  card: StoredCard,
  reason: string | null,
): Promise<GiftCard> {
  const status = creditAccountLifecycle.next(statusNow(ctx, card), 'disable')
  emit(ctx, giftCardEvents.disabled({ ...cardOf(card), reason }))
  return save(ctx, card, { status })
}

/** Lets a stopped card pay again. */
export async function enableGiftCard(ctx: Context, { id }: GetGiftCard): Promise<GiftCard> {
  const card = await lockedCard(ctx, { id })
  const status = creditAccountLifecycle.next(statusNow(ctx, card), 'enable')
  emit(ctx, giftCardEvents.enabled(cardOf(card)))
  return save(ctx, card, { status })
}

/**
 * Changes who a card is for, what is written on it, or its end. An expired card that gets a later
 * end can pay again, and what was written off is on it again.
 */
export async function updateGiftCard(
  ctx: Context,
  { id, expires_at, ...words }: UpdateGiftCard,
): Promise<GiftCard> {
  const card = await lockedCard(ctx, { id })
  const { customer_id, ...texts } = words
  // Whoever is erased, or asks what is kept, is found by the one form of their e-mail.
  if (texts.recipient_email) texts.recipient_email = normalEmail(texts.recipient_email)
  await requireCustomer(ctx, customer_id)
  if (Object.keys(texts).length > 0) {
    await db(ctx).updateTable('gift_cards').set(texts).where('account_id', '=', id).execute()
  }
  const change = {
    ...(customer_id !== undefined && { customer_id }),
    ...(expires_at !== undefined && { expires_at: endOf(ctx, expires_at) }),
  }
  const after = { ...card, ...change }
  emit(ctx, giftCardEvents.changed({ ...cardOf(after), expires_at: after.expires_at }))
  if (expires_at === undefined || card.status !== 'expired') return save(ctx, card, change)
  const { id: account_id } = card
  await save(ctx, card, { ...change, status: creditAccountLifecycle.next('expired', 'reopen') })
  const amount = await writtenOff(ctx, account_id)
  const booked = amount > 0 && (await book(ctx, after, { kind: 'restored', amount }))
  const balance_amount = booked ? booked.entry.balance_amount : card.balance_amount
  const reopened = { ...cardOf(after), balance_amount, expires_at: after.expires_at, amount }
  emit(ctx, giftCardEvents.reopened(reopened))
  return printGiftCard(ctx, await findGiftCard(ctx, account_id))
}

/** What expiry took from a card and nobody has restored, in minor units. */
async function writtenOff(ctx: Context, account_id: AccountRow['id']): Promise<number> {
  const { amount } = await db(ctx)
    .selectFrom('credit_entries')
    .select((eb) => eb.fn.sum<number | null>('amount').as('amount'))
    .where('account_id', '=', account_id)
    .where('kind', 'in', ['expired', 'restored'])
    .executeTakeFirstOrThrow()
  return -Number(amount ?? 0)
}

async function lockedCard(ctx: Context, { id }: GetGiftCard): Promise<StoredCard> {
  const card = await giftCardToChange(ctx, id)
  requireVersion(ctx, card.version)
  return card
}

const cardOf = (card: StoredCard) => ({
  account_id: card.id,
  customer_id: card.customer_id,
  currency: card.currency,
  balance_amount: card.balance_amount,
})

/** Writes a locked card as it is from now on. */
async function save(
  ctx: Context,
  card: StoredCard,
  change: Partial<Pick<AccountRow, 'status' | 'expires_at' | 'customer_id'>>,
): Promise<GiftCard> {
  const version = card.version + 1
  await db(ctx)
    .updateTable('credit_accounts')
    .set({ ...change, version, updated_at: ctx.now })
    .where('id', '=', card.id)
    .execute()
  return printGiftCard(ctx, await findGiftCard(ctx, card.id))
}
