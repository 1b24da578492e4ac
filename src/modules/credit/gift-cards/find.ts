import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { codeHash } from '../codes.ts'
import { creditErrors } from '../errors.ts'
import { accountById, requireUsable } from '../ledger.ts'
import { type AccountRow, db, type GiftCardRow } from '../tables.ts'
import type { GiftCard } from './schemas.ts'

/** A gift card with its account. */
export type StoredCard = AccountRow & Omit<GiftCardRow, 'account_id' | 'code_hash'>

const CARD_COLUMNS = [
  'last_four',
  'initial_amount',
  'recipient_name',
  'recipient_email',
  'message',
  'note',
  'created_by',
] as const

/** Gift cards with their accounts, as `a` and `g`. */
export const cards = (open: ReturnType<typeof db>) =>
  open
    .selectFrom('credit_accounts as a')
    .innerJoin('gift_cards as g', 'g.account_id', 'a.id')
    .where('a.kind', '=', 'gift_card')

const byId = prepared(db, (open, p: { id: Id<'credit_account'> }) =>
  cards(open).selectAll('a').select(CARD_COLUMNS).where('a.id', '=', p.id),
)
const byCode = prepared(db, (open, p: { code_hash: string }) =>
  cards(open).selectAll('a').select(CARD_COLUMNS).where('g.code_hash', '=', p.code_hash),
)

export const selectCards = (open: ReturnType<typeof db>) =>
  cards(open).selectAll('a').select(CARD_COLUMNS)

/** Whether the caller may not see it: customers see the cards that were given to them. */
const isForeign = ({ actor }: Context, card: StoredCard): boolean =>
  actor.own_only && (actor.customer_id === null || actor.customer_id !== card.customer_id)

/** A gift card that the caller may see; throws `gift_card_not_found`. */
export async function findGiftCard(ctx: Context, id: Id<'credit_account'>): Promise<StoredCard> {
  const card = await byId.first(ctx, { id })
  if (!card || isForeign(ctx, card)) throw creditErrors.gift_card_not_found({ gift_card_id: id })
  return card
}

/** The gift card with this code, whoever asks; undefined if there is none. */
export const cardOfCode = (ctx: Context, code: string): Promise<StoredCard | undefined> =>
  byCode.first(ctx, { code_hash: codeHash(code) })

/**
 * A gift card or store credit that can pay in this currency now, for callers that know whose it is
 * or have been told its code (`cardByGuess`). Throws `account_not_found`, `disabled`, `expired`,
 * `currency_differs`.
 */
export async function usableAccount(
  ctx: Context,
  { account_id, currency }: { account_id: Id<'credit_account'>; currency: string },
): Promise<AccountRow> {
  const account = await accountById.first(ctx, { id: account_id })
  if (!account) throw creditErrors.account_not_found({ account_id })
  await requireUsable(ctx, account)
  if (account.currency === currency) return account
  throw creditErrors.currency_differs({ currency: account.currency })
}

const accountsById = prepared(db, (open, p: { ids: readonly Id<'credit_account'>[] }, engine) =>
  open
    .selectFrom('credit_accounts')
    .selectAll()
    .where('id', 'in', listOf(engine, p.ids, 'uuid')),
)

/**
 * What can be used of each account now, in minor units of its currency: nothing of one that is
 * stopped or whose time is over. Accounts that do not exist are missing.
 */
export async function usableAmounts(
  ctx: Context,
  ids: readonly Id<'credit_account'>[],
): Promise<ReadonlyMap<Id<'credit_account'>, number>> {
  const found = ids.length === 0 ? [] : await accountsById(ctx, { ids })
  return new Map(
    found.map((account) => [
      account.id,
      statusNow(ctx, account) === 'active' ? account.balance_amount : 0,
    ]),
  )
}

const lockRow = prepared(db, (open, p: { id: Id<'credit_account'> }) =>
  open.updateTable('credit_accounts').set({ version: sql`version` }).where('id', '=', p.id),
)

/**
 * A gift card, locked until the commit: its balance and state stay what they are. The command must
 * be READ COMMITTED.
 */
export async function giftCardToChange(
  ctx: Context,
  id: Id<'credit_account'>,
): Promise<StoredCard> {
  await lockRow.run(ctx, { id })
  return findGiftCard(ctx, id)
}

/** What a card is at this moment, also where its end has come and nobody has written it off yet. */
export const statusNow = ({ now }: Pick<Context, 'now'>, card: AccountRow): AccountRow['status'] =>
  card.expires_at !== null && card.expires_at <= now ? 'expired' : card.status

/** A card as it is answered; the note is for staff. */
export function printGiftCard(ctx: Context, card: StoredCard): GiftCard {
  const { currency } = card
  return {
    id: card.id,
    status: statusNow(ctx, card),
    last_four: card.last_four,
    currency,
    initial_amount: formatMoney(card.initial_amount, currency),
    balance: formatMoney(card.balance_amount, currency),
    expires_at: card.expires_at,
    customer_id: card.customer_id,
    recipient_name: card.recipient_name,
    recipient_email: card.recipient_email,
    message: card.message,
    note: ctx.actor.own_only ? null : card.note,
    version: card.version,
    created_at: card.created_at,
    updated_at: card.updated_at,
  }
}
