import { type RawBuilder, sql } from 'kysely'
import { exponentOf } from '#kit/currencies'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'
import { codeKey } from './codes.ts'
import { AUTOMATIC_MAX } from './standing.ts'
import { db } from './tables.ts'

const found = async (ctx: Context, query: RawBuilder<object>): Promise<readonly object[]> =>
  (await query.execute(ctx.session.kysely)).rows

export const promotionInvariants = defineInvariants('promotions', {
  'no promotion is redeemed more often than its limit': (ctx) =>
    found(
      ctx,
      sql`select p.id, p.usage_limit, count(*) as used from promotions as p
        join promotion_redemptions as l on l.promotion_id = p.id and l.given_back_at is null
        where p.usage_limit is not null group by p.id, p.usage_limit
        having count(*) > p.usage_limit`,
    ),

  'no customer redeems a promotion more often than one may': (ctx) =>
    found(
      ctx,
      sql`select p.id, l.customer_id, p.usage_limit_per_customer, count(*) as used
        from promotions as p
        join promotion_redemptions as l on l.promotion_id = p.id and l.given_back_at is null
        where p.usage_limit_per_customer is not null
        group by p.id, l.customer_id, p.usage_limit_per_customer
        having count(*) > p.usage_limit_per_customer`,
    ),

  'no code is redeemed more often than its limit': (ctx) =>
    found(
      ctx,
      sql`select c.id, c.usage_limit, count(*) as used from promotion_codes as c
        join promotion_redemptions as l on l.code_id = c.id and l.given_back_at is null
        where c.usage_limit is not null group by c.id, c.usage_limit
        having count(*) > c.usage_limit`,
    ),

  'a redemption names a code of its promotion, or none where it applies by itself': (ctx) =>
    found(
      ctx,
      sql`select r.id, r.promotion_id, r.code from promotion_redemptions as r
        join promotions as p on p.id = r.promotion_id
        left join promotion_codes as c on c.id = r.code_id
        where case when p.automatic then r.code_id is not null
          else c.id is null or c.promotion_id <> r.promotion_id end`,
    ),

  'a promotion has what its kind needs, and nothing else': (ctx) =>
    found(
      ctx,
      sql`select p.id, p.kind from promotions as p
        left join promotion_amounts as a on a.promotion_id = p.id
        where (p.kind = 'fixed' and a.fixed_amount is null)
          or (p.kind <> 'fixed' and a.fixed_amount is not null)`,
    ),

  'a promotion is for those listed if, and only if, any are': (ctx) =>
    found(
      ctx,
      sql`select p.id, p.for_items, p.for_customers from promotions as p
        where (p.for_items = 'listed') <> exists (select 1 from promotion_targets as t
            where t.promotion_id = p.id and t.kind <> 'customer')
          or (p.for_customers = 'listed') <> exists (select 1 from promotion_targets as t
            where t.promotion_id = p.id and t.kind = 'customer')`,
    ),

  'a promotion shows its own code, and has codes only while it can be had': (ctx) =>
    found(
      ctx,
      sql`select p.id, p.code, p.status, c.code as other from promotions as p
        left join promotion_codes as c
          on c.promotion_id = p.id and c.is_main and c.archived_at is null
        where p.status <> 'archived' and coalesce(p.code, '') <> coalesce(c.code, '')
        union all
        select p.id, p.code, p.status, c.code as other from promotions as p
        join promotion_codes as c on c.promotion_id = p.id
        where c.archived_at is null and (p.automatic or p.status = 'archived')`,
    ),

  'what is unique is the same code without regard to case': async (ctx) => {
    const codes = await db(ctx)
      .selectFrom('promotion_codes')
      .select(['id', 'code', 'code_key'])
      .execute()
    return codes.filter(({ code, code_key }) => code_key !== codeKey(code))
  },

  'every amount is in a known currency': async (ctx) => {
    const used = await db(ctx)
      .selectFrom('promotion_amounts')
      .select('currency')
      .union(db(ctx).selectFrom('promotion_redemptions').select('currency'))
      .execute()
    return used.filter(({ currency }) => exponentOf(currency) === undefined)
  },

  'no cart is asked to look at more automatic promotions than it can': (ctx) =>
    found(
      ctx,
      sql`select count(*) as active from promotions where automatic and status = 'active'
        having count(*) > ${sql.lit(AUTOMATIC_MAX)}`,
    ),
})
