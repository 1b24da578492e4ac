import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { passOverLocked } from '#platform/database/pass-over'
import { prepared, rawQuery } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { giftCardEvents } from '../events.ts'
import { entryRow, insertEntries } from '../ledger.ts'
import { type AccountRow, db } from '../tables.ts'

const BATCH = 200

const dueCards = prepared(db, (open, p: { now: string }, engine) =>
  rawQuery<AccountRow>(
    open,
    sql`select * from credit_accounts
      where status <> 'expired' and expires_at is not null and expires_at <= ${p.now}
      order by expires_at limit ${sql.lit(BATCH)} ${passOverLocked(engine, 'credit_accounts')}`,
  ),
)

type Over = Pick<AccountRow, 'id' | 'version'> & { entries: number; updated_at: string }

/** The rows are locked; the version says that they are what was read. */
const writeOff = updateEach<Over, unknown>(
  db as never,
  { id: 'uuid', version: 'bigint', entries: 'bigint', updated_at: 'timestamptz' },
  {
    table: 'credit_accounts',
    key: ['id'],
    set: (row) => ({
      status: sql`'expired'`,
      balance_amount: sql`0`,
      entries_count: sql`credit_accounts.entries_count + ${row.entries}`,
      version: sql`credit_accounts.version + 1`,
      updated_at: row.updated_at,
    }),
    where: (row) => sql`credit_accounts.version = ${row.version}`,
  },
)

/**
 * Writes off what is left on gift cards whose time is over, a batch in each transaction: four
 * statements for any number. Answers how many expired.
 */
export async function expireGiftCards(ctx: ProcessContext): Promise<number> {
  let expired = 0
  for (;;) {
    const some = await ctx.transaction(expireSome, 'read committed')
    expired += some
    if (some < BATCH) return expired
  }
}

async function expireSome(ctx: Context): Promise<number> {
  const due = await dueCards(ctx, { now: ctx.now })
  if (due.length === 0) return 0
  const left = due.filter(({ balance_amount }) => balance_amount > 0)
  const rows = due.map(({ id, version, balance_amount }) => ({
    id,
    version,
    entries: balance_amount > 0 ? 1 : 0,
    updated_at: ctx.now,
  }))
  const { affected } = await writeOff.run(ctx, { rows })
  if (affected !== due.length) throw new Error('locked gift cards changed')
  const entries = left.map((account) => {
    const booking = { kind: 'expired', amount: -account.balance_amount } as const
    const balance = { balance_amount: 0, entries_count: account.entries_count + 1 }
    return entryRow(ctx, account, { booking, balance })
  })
  if (entries.length > 0) await insertEntries.run(ctx, { rows: entries })
  for (const { id: account_id, customer_id, currency, balance_amount: amount } of due) {
    const card = { account_id, customer_id, currency, balance_amount: 0 }
    emit(ctx, giftCardEvents.expired({ ...card, amount }))
  }
  return due.length
}

const HOUR_MS = 60 * 60 * 1000

export const giftCardExpiry: Schedule = {
  name: 'credit.expire_gift_cards',
  every_ms: HOUR_MS,
  run: async (ctx) => {
    const expired = await expireGiftCards(ctx)
    if (expired > 0) ctx.log.info({ expired }, 'gift cards expired')
  },
}
