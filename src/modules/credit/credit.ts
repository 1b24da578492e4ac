import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { insertEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { creditErrors } from './errors.ts'
import { giftCardEvents, storeCreditEvents } from './events.ts'
import { accountById, type Booked, book, type CreditReference, entryFor } from './ledger.ts'
import { type AccountRow, db, type EntryRow } from './tables.ts'

export const insertAccounts = insertEach<AccountRow, unknown>(
  db as never,
  db.kinds('credit_accounts') as never,
  { table: 'credit_accounts', values: (row) => row, onConflict: sql`on conflict do nothing` },
)

const storeCreditAccount = prepared(
  db,
  (open, p: { customer_id: Id<'customer'>; currency: string }) =>
    open
      .selectFrom('credit_accounts')
      .selectAll()
      .where('kind', '=', 'store_credit')
      .where('customer_id', '=', p.customer_id)
      .where('currency', '=', p.currency),
)

/** A customer's store credit in a currency; undefined if there never was any. */
export const storeCreditOf = (
  ctx: Context,
  whose: { customer_id: Id<'customer'>; currency: string },
): Promise<AccountRow | undefined> => storeCreditAccount.first(ctx, whose)

/** Store credit that is given to a customer; `amount` in minor units of `currency`. */
export type IssueCredit = {
  customer_id: Id<'customer'>
  currency: string
  amount: number
  reason: string | null
  reference: CreditReference
}

/**
 * Gives a customer store credit, in the caller's transaction, once for a reference. It takes the
 * lock of the customer's account, which comes last of all locks (after coupons). Throws
 * `reference_taken` where the reference has been used for another account or amount.
 */
export async function issueCredit(
  ctx: Context,
  { customer_id, currency, amount, reason, reference }: IssueCredit,
): Promise<{ account_id: Id<'credit_account'>; balance_amount: number }> {
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new Error(`no credit of ${amount}`)
  const account = await openStoreCredit(ctx, { customer_id, currency })
  const booked = await book(ctx, account, { kind: 'granted', amount, reference, reason })
  if (!booked.known) emit(ctx, storeCreditEvents.granted({ ...told(account, booked), reason }))
  return { account_id: account.id, balance_amount: booked.entry.balance_amount }
}

/** The account of a customer and currency; made when it is needed first. */
async function openStoreCredit(
  ctx: Context,
  whose: { customer_id: Id<'customer'>; currency: string },
): Promise<AccountRow> {
  const known = await storeCreditOf(ctx, whose)
  if (known) return known
  const row = accountRow(ctx, { kind: 'store_credit', ...whose, expires_at: null })
  const { affected } = await insertAccounts.run(ctx, { rows: [row] })
  if (affected === 0) throw new TryAgain('another has made this account at this very moment')
  return row
}

type NewAccount = Pick<AccountRow, 'kind' | 'customer_id' | 'currency' | 'expires_at'>

/** An account with nothing on it. */
export const accountRow = (ctx: Context, account: NewAccount): AccountRow => ({
  id: ctx.newId('credit_account'),
  ...account,
  balance_amount: 0,
  entries_count: 0,
  status: 'active',
  version: 1,
  created_at: ctx.now,
  updated_at: ctx.now,
})

/** What is taken from an account for an order; `amount` in minor units of its currency. */
export type TakeCredit = {
  account_id: Id<'credit_account'>
  amount: number
  reference: CreditReference
  order_id?: Id<'order'> | null
}

/**
 * Takes from a gift card or store credit, once for a reference: what is there is looked at by the
 * write itself, so that no two together take more. Throws `insufficient`, `disabled`, `expired`,
 * `reference_taken`.
 */
export async function takeCredit(
  ctx: Context,
  { account_id, amount, reference, order_id = null }: TakeCredit,
): Promise<EntryRow> {
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new Error(`cannot take ${amount}`)
  const account = await accountById.first(ctx, { id: account_id })
  if (!account) throw creditErrors.account_not_found({ account_id })
  const booked = await book(ctx, account, { kind: 'taken', amount: -amount, reference, order_id })
  if (!booked.known) emit(ctx, eventsOf(account).taken(told(account, booked)))
  return booked.entry
}

/** What goes back of what was taken; `amount` in minor units. */
export type GiveBackCredit = {
  /** For what it was taken. */
  taken: CreditReference
  amount: number
  reference: CreditReference
}

/** How long an expired card lives on when money it had paid comes back to it. */
const REOPENED_DAYS = 90
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Puts back what was taken, in whole or in part, once for a reference; never more than was taken.
 * It always finds its account: a card that expired meanwhile lives on for 90 days, and one that is
 * stopped stays so.
 */
export async function giveBackCredit(
  ctx: Context,
  { taken, amount, reference }: GiveBackCredit,
): Promise<EntryRow> {
  const origin = await entryFor(ctx, taken)
  if (origin?.kind !== 'taken') throw new Error(`nothing was taken for ${taken.reference_id}`)
  const account = await accountById.first(ctx, { id: origin.account_id })
  if (!account) throw new Error(`credit account ${origin.account_id} is gone`)
  const { id: origin_id, order_id } = origin
  const booking = { kind: 'given_back', amount, reference, origin_id, order_id } as const
  const booked = await book(ctx, account, booking)
  if (booked.known) return booked.entry
  // Counted after the write: from then on the account's row is ours.
  const { amount: all } = await givenBack(ctx, origin_id)
  if (all > -origin.amount) throw new Error(`more than was taken would go back: ${origin_id}`)
  emit(ctx, eventsOf(account).given_back(told(account, booked)))
  await liveOn(ctx, account, booked)
  return booked.entry
}

const sumGivenBack = prepared(db, (open, p: { origin_id: EntryRow['id'] }) =>
  open
    .selectFrom('credit_entries')
    .select((eb) => sql<number>`coalesce(${eb.fn.sum('amount')}, 0)`.as('amount'))
    .where('origin_id', '=', p.origin_id),
)

async function givenBack(ctx: Context, origin_id: EntryRow['id']): Promise<{ amount: number }> {
  const row = await sumGivenBack.first(ctx, { origin_id })
  return { amount: Number(row?.amount ?? 0) }
}

const reopen = prepared(db, (open, p: { id: AccountRow['id']; now: string; until: string }) =>
  open
    .updateTable('credit_accounts')
    .set((eb) => ({
      status: sql<'active'>`case when status = 'expired' then 'active' else status end`,
      expires_at: p.until,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', p.id)
    .where('expires_at', '<=', p.now),
)

async function liveOn(ctx: Context, account: AccountRow, { entry }: Booked): Promise<void> {
  if (account.kind !== 'gift_card') return
  const until = new Date(Date.parse(ctx.now) + REOPENED_DAYS * DAY_MS).toISOString()
  const { affected } = await reopen.run(ctx, { id: account.id, now: ctx.now, until })
  if (affected === 0) return
  const { id: account_id, customer_id, currency } = account
  const { balance_amount } = entry
  const card = { account_id, customer_id, currency, balance_amount, expires_at: until }
  emit(ctx, giftCardEvents.reopened({ ...card, amount: 0 }))
}

const byReferenceId = prepared(db, (open, p: { reference_id: string }) =>
  open
    .selectFrom('credit_entries as e')
    .innerJoin('credit_accounts as a', 'a.id', 'e.account_id')
    .selectAll('e')
    .select('a.currency')
    .where('e.reference_id', '=', p.reference_id),
)

/** What was booked under this id, whatever type the reference was of. */
export const entriesFor = (
  ctx: Context,
  reference_id: string,
): Promise<(EntryRow & { currency: string })[]> => byReferenceId(ctx, { reference_id })

const eventsOf = ({ kind }: AccountRow) =>
  kind === 'gift_card' ? giftCardEvents : storeCreditEvents

/** What events tell of a booking. */
export const told = (account: AccountRow, { entry }: Pick<Booked, 'entry'>) => ({
  account_id: account.id,
  customer_id: account.customer_id,
  currency: account.currency,
  balance_amount: entry.balance_amount,
  entry_id: entry.id,
  amount: Math.abs(entry.amount),
  order_id: entry.order_id,
  reference_type: entry.reference_type,
  reference_id: entry.reference_id,
})
