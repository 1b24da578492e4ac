import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { AMOUNT_MAX, formatMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { insertEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { creditErrors } from './errors.ts'
import type { EntryKind } from './lifecycle.ts'
import { type AccountRow, db, type EntryRow } from './tables.ts'

/** For what a balance is changed, in the words of whoever asks; each is booked once for ever. */
export type CreditReference = { reference_type: string; reference_id: string }

/** A change of a balance: `amount` in minor units, above zero what comes, below what goes. */
export type Booking = {
  kind: keyof typeof WRITES
  amount: number
  reference?: CreditReference | undefined
  origin_id?: Id<'credit_entry'> | null
  order_id?: Id<'order'> | null
  reason?: string | null
}

type Change = { id: AccountRow['id']; amount: number; now: string }
type Balance = Pick<AccountRow, 'balance_amount' | 'entries_count'>

/**
 * The only writes of a balance: each carries its own condition, and no row is the answer «no». What
 * goes may only go from what is there, and what a buyer takes only from what can be used.
 */
const put = changes(sql`balance_amount <= ${sql.lit(AMOUNT_MAX)}`)
const putBack = changes(sql`true`)
const deduct = changes(sql`true`)
const take = prepared(db, (open, p: Change) =>
  changed(open, p)
    .where('status', '=', 'active')
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)])),
)

const WRITES = {
  topped_up: put,
  granted: put,
  deducted: deduct,
  taken: take,
  given_back: putBack,
  expired: deduct,
  restored: putBack,
} as const satisfies Partial<Record<EntryKind, unknown>>

function changes(guard: ReturnType<typeof sql<boolean>>) {
  return prepared(db, (open, p: Change) => changed(open, p).where(guard))
}

const changed = (open: ReturnType<typeof db>, p: Change) =>
  open
    .updateTable('credit_accounts')
    .set((eb) => ({
      balance_amount: eb('balance_amount', '+', p.amount),
      entries_count: eb('entries_count', '+', 1),
      version: eb('version', '+', 1),
      updated_at: p.now,
    }))
    .where('id', '=', p.id)
    .where((eb) => eb(eb('balance_amount', '+', p.amount), '>=', 0))
    .returning(['balance_amount', 'entries_count'])

export const insertEntries = insertEach<EntryRow, unknown>(
  db as never,
  db.kinds('credit_entries') as never,
  { table: 'credit_entries', values: (row) => row, onConflict: sql`on conflict do nothing` },
)

const byReference = prepared(db, (open, p: CreditReference) =>
  open
    .selectFrom('credit_entries')
    .selectAll()
    .where('reference_id', '=', p.reference_id)
    .where('reference_type', '=', p.reference_type),
)

/** What was booked for this, if anything was. */
export const entryFor = (ctx: Context, reference: CreditReference): Promise<EntryRow | undefined> =>
  byReference.first(ctx, reference)

/** What came of a booking; `known` if it had been booked before. */
export type Booked = { entry: EntryRow; known: boolean }

/**
 * Changes a balance and writes the entry that says why, in the caller's transaction; a balance
 * never falls below zero. Booked for the same reference before: answers that, and changes nothing.
 * Throws what `whyNot` says, `too_much`, and `reference_taken` where the reference was for another
 * account or amount.
 */
export const book = async (ctx: Context, account: AccountRow, booking: Booking): Promise<Booked> =>
  (await bookIfThere(ctx, account, booking)) ?? refuse(ctx, account, booking)

/** The same for callers with an answer of their own: undefined where the write found too little. */
export async function bookIfThere(
  ctx: Context,
  account: AccountRow,
  booking: Booking,
): Promise<Booked | undefined> {
  const known = booking.reference && (await entryFor(ctx, booking.reference))
  if (known) return { entry: same(known, account, booking), known: true }
  const { id } = account
  const { amount } = booking
  const [balance] = await WRITES[booking.kind](ctx, { id, amount, now: ctx.now })
  if (!balance) {
    // A twin may have booked it while this waited for the account, and left too little for two.
    const twin = booking.reference && (await entryFor(ctx, booking.reference))
    return twin && { entry: same(twin, account, booking), known: true }
  }
  const entry = entryRow(ctx, account, { booking, balance })
  const { affected } = await insertEntries.run(ctx, { rows: [entry] })
  if (affected === 0) throw new TryAgain('the same was booked at this very moment')
  return { entry, known: false }
}

function same(entry: EntryRow, account: AccountRow, { kind, amount }: Booking): EntryRow {
  const { account_id, reference_type, reference_id } = entry
  if (account_id === account.id && entry.amount === amount && entry.kind === kind) return entry
  throw creditErrors.reference_taken({
    reference_type: reference_type ?? '',
    reference_id: reference_id ?? '',
  })
}

type Row = {
  booking: Omit<Booking, 'kind'> & { kind: EntryKind }
  /** The account after it. */
  balance: Balance
}

/** The entry of a change, as it is written. */
export const entryRow = (
  ctx: Context,
  account: AccountRow,
  { booking, balance }: Row,
): EntryRow => ({
  id: ctx.newId('credit_entry'),
  account_id: account.id,
  sequence: balance.entries_count,
  kind: booking.kind,
  amount: booking.amount,
  balance_amount: balance.balance_amount,
  reference_type: booking.reference?.reference_type ?? null,
  reference_id: booking.reference?.reference_id ?? null,
  origin_id: booking.origin_id ?? null,
  order_id: booking.order_id ?? null,
  reason: booking.reason ?? null,
  created_by: ctx.actor.id,
  created_at: ctx.now,
})

/** Why the write touched no row: read after it, so that the refusal tells what was true then. */
async function refuse(ctx: Context, { id }: AccountRow, booking: Booking): Promise<never> {
  const account = await accountById.first(ctx, { id })
  if (!account) throw new Error(`credit account ${id} is gone`)
  const { currency, balance_amount } = account
  if (booking.amount > 0) {
    throw creditErrors.too_much({ most: formatMoney(AMOUNT_MAX, currency), currency })
  }
  if (booking.kind === 'taken') await requireUsable(ctx, account)
  const available = formatMoney(balance_amount, currency)
  throw creditErrors.insufficient({ available, currency })
}

/** Refuses (422) a gift card that is stopped or whose time is over. */
export async function requireUsable(ctx: Context, account: AccountRow): Promise<void> {
  const { id: account_id, status, expires_at } = account
  const isOver = status === 'expired' || (expires_at !== null && expires_at <= ctx.now)
  if (status === 'active' && !isOver) return
  const card = await cardById.first(ctx, { account_id })
  const last_four = card?.last_four ?? ''
  throw isOver ? creditErrors.expired({ last_four }) : creditErrors.disabled({ last_four })
}

export const accountById = prepared(db, (open, p: { id: AccountRow['id'] }) =>
  open.selectFrom('credit_accounts').selectAll().where('id', '=', p.id),
)

export const cardById = prepared(db, (open, p: { account_id: AccountRow['id'] }) =>
  open.selectFrom('gift_cards').selectAll().where('account_id', '=', p.account_id),
)
