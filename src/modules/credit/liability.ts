import { sql } from 'kysely'
import { formatMoney } from '#kit/money'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { invalidField } from '#platform/operations'
import type { CreditKind } from './lifecycle.ts'
import type { GetLiability, Liability } from './schemas.ts'
import { db } from './tables.ts'

type Sum = { kind: CreditKind; currency: string; amount: number }

/** From today backwards: what was booked since that instant is taken off again. */
const outstanding = prepared(db, (open, p: { at: string }) =>
  rawQuery<Sum>(
    open,
    sql`select kind, currency, sum(amount) as amount from (
        select kind, currency, sum(balance_amount) as amount from credit_accounts
        group by kind, currency
        union all
        select a.kind, a.currency, -sum(e.amount) as amount from credit_entries as e
        join credit_accounts as a on a.id = e.account_id
        where e.created_at > ${p.at}
        group by a.kind, a.currency) as booked
      group by kind, currency order by kind, currency`,
  ),
)

/** What the shop owes in gift cards and store credit at an instant, for each currency. */
export async function getLiability(ctx: Context, input: GetLiability): Promise<Liability> {
  const at = input.at === undefined ? ctx.now : toInstant(input.at)
  if (at > ctx.now) throw invalidField('at', 'must not be in the future')
  const sums = await outstanding(ctx, { at })
  return {
    at,
    outstanding: sums.map(({ kind, currency, amount }) => ({
      kind,
      currency,
      amount: formatMoney(Number(amount), currency),
    })),
  }
}
