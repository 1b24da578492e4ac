import type { Id } from '#kit/ids'
import { parseCurrency, parseMoney } from '#kit/money'
import { toInstant } from '#kit/schemas'
import { normalEmail } from '#modules/access'
import { customerErrors, findCustomer } from '#modules/customers'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { codeHash, drawCode, lastFour } from '../codes.ts'
import { accountRow, insertAccounts, told } from '../credit.ts'
import { giftCardEvents } from '../events.ts'
import { type CreditReference, entryRow, insertEntries } from '../ledger.ts'
import { db, type GiftCardRow } from '../tables.ts'
import { printGiftCard } from './find.ts'
import type { CreateGiftCard, CreateGiftCards, NewGiftCard, NewGiftCards } from './schemas.ts'

const insertCards = insertRows(db, 'gift_cards')

/**
 * Makes a gift card and tells its code, this once: only what the code is found by is stored.
 * Throws CUSTOMER_NOT_FOUND for an unknown customer.
 */
export async function createGiftCard(ctx: Context, input: CreateGiftCard): Promise<NewGiftCard> {
  await requireCustomer(ctx, input.customer_id)
  const [card] = await issueGiftCards(ctx, input, 1)
  return card as NewGiftCard
}

/** Makes many gift cards of the same amount, each with a code of its own. */
export const createGiftCards = async (
  ctx: Context,
  { count, ...card }: CreateGiftCards,
): Promise<NewGiftCards> => ({ items: await issueGiftCards(ctx, card, count) })

async function issueGiftCards(
  ctx: Context,
  input: CreateGiftCard,
  count: number,
): Promise<NewGiftCard[]> {
  const currency = parseCurrency(input.currency)
  const amount = parseMoney(input.initial_amount, currency, 'initial_amount')
  if (amount <= 0) throw invalidField('initial_amount', 'must be above zero')
  const issued = Array.from({ length: count }, () => newCard(ctx, input, { currency, amount }))
  await storeCards(ctx, issued)
  return issued.map(({ account, card, code }) => ({
    ...printGiftCard(ctx, { ...account, ...card }),
    code,
  }))
}

type Issued = ReturnType<typeof newCard>

/** Stores new cards, and tells of each; their codes are told to nobody. */
export async function storeCards(ctx: Context, issued: readonly Issued[]): Promise<void> {
  await insertAccounts.run(ctx, { rows: issued.map(({ account }) => account) })
  await insertCards(ctx, { rows: issued.map(({ card }) => card) })
  const { affected } = await insertEntries.run(ctx, { rows: issued.map(({ entry }) => entry) })
  if (affected !== issued.length) throw new TryAgain('the same was issued at this very moment')
  for (const { account, card, entry } of issued) {
    const { last_four } = card
    const { expires_at } = account
    emit(ctx, giftCardEvents.issued({ ...told(account, { entry }), last_four, expires_at }))
  }
}

type Value = { currency: string; amount: number }
/** What it was sold for: each is booked once for ever. */
type Sale = { reference: CreditReference; order_id: Id<'order'> }

/** A card that is born with its first entry, and its code. */
export function newCard(
  ctx: Context,
  input: Omit<CreateGiftCard, 'initial_amount' | 'currency'>,
  { currency, amount, ...sale }: Value & Partial<Sale>,
) {
  const { customer_id = null, recipient_name = null, recipient_email = null } = input
  const { message = null, note = null } = input
  const expires_at = endOf(ctx, input.expires_at)
  const empty = accountRow(ctx, { kind: 'gift_card', customer_id, currency, expires_at })
  const account = { ...empty, balance_amount: amount, entries_count: 1 }
  const code = drawCode()
  const card: GiftCardRow = {
    account_id: account.id,
    code_hash: codeHash(code),
    last_four: lastFour(code),
    initial_amount: amount,
    recipient_name,
    recipient_email: recipient_email === null ? null : normalEmail(recipient_email),
    message,
    note,
    created_by: ctx.actor.id,
  }
  const booking = { kind: 'issued', amount, ...sale } as const
  const entry = entryRow(ctx, account, { booking, balance: account })
  return { account, card, entry, code }
}

/** An end that is still to come, or none. */
export function endOf(ctx: Context, expires_at: string | null | undefined): string | null {
  if (expires_at === null || expires_at === undefined) return null
  const instant = toInstant(expires_at)
  if (instant <= ctx.now) throw invalidField('expires_at', 'must be in the future')
  return instant
}

/** Throws CUSTOMER_NOT_FOUND unless the customer is there, or none is named. */
export async function requireCustomer(
  ctx: Context,
  customer_id: Id<'customer'> | null | undefined,
): Promise<void> {
  if (!customer_id || (await findCustomer(ctx, customer_id))) return
  throw customerErrors.not_found({ customer_id })
}
