import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'

const found = async (ctx: Context, query: RawBuilder<object>): Promise<readonly object[]> =>
  (await query.execute(ctx.session.kysely)).rows

export const creditInvariants = defineInvariants('credit', {
  'I-16 a balance is the sum of its entries, none is below zero, and entries are counted': (ctx) =>
    found(
      ctx,
      sql`select a.id, a.balance_amount, a.entries_count, l.amount, l.entries
        from credit_accounts as a
        left join (select account_id, sum(amount) as amount, count(*) as entries,
            max(sequence) as last
          from credit_entries group by account_id) as l on l.account_id = a.id
        where a.balance_amount < 0 or a.balance_amount <> coalesce(l.amount, 0)
          or a.entries_count <> coalesce(l.entries, 0) or a.entries_count <> coalesce(l.last, 0)`,
    ),

  'I-16 no balance was ever below zero: each entry tells the balance after it': (ctx) =>
    found(
      ctx,
      sql`select * from (
          select account_id, sequence, amount, balance_amount,
            sum(amount) over (partition by account_id order by sequence) as running
          from credit_entries) as e
        where running <> balance_amount or balance_amount < 0`,
    ),

  'no more goes back than was taken, and to where it was taken': (ctx) =>
    found(
      ctx,
      sql`select t.id, t.amount, sum(g.amount) as back from credit_entries as t
        join credit_entries as g on g.origin_id = t.id
        group by t.id, t.amount, t.kind
        having sum(g.amount) > -t.amount or t.kind <> 'taken'
          or sum(case when g.account_id <> t.account_id then 1 else 0 end) > 0`,
    ),

  'a gift card has its account, and an account of a gift card its card': (ctx) =>
    found(
      ctx,
      sql`select a.id, a.kind from credit_accounts as a
        left join gift_cards as g on g.account_id = a.id
        where (a.kind = 'gift_card') <> (g.account_id is not null)`,
    ),

  'what has expired has nothing left and an end': (ctx) =>
    found(
      ctx,
      sql`select id, balance_amount, expires_at from credit_accounts
        where status = 'expired' and (balance_amount <> 0 or expires_at is null)`,
    ),
})
