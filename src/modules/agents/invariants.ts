import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'

const found = async (ctx: Context, query: RawBuilder<object>): Promise<readonly object[]> =>
  (await query.execute(ctx.session.kysely)).rows

export const agentInvariants = defineInvariants('agents', {
  'what an agent put into carts and bought in sessions in a day is counted': (ctx) =>
    found(
      ctx,
      sql`select d.agent_id, d.day, d.currency, d.amount, a.amount as added from agent_days as d
        left join (select agent_id, day, currency, sum(amount) as amount from (
            select agent_id, day, currency, amount from agent_additions
            union all select agent_id, day, currency, amount from agent_session_spendings) as spent
          group by agent_id, day, currency) as a
          on a.agent_id = d.agent_id and a.day = d.day and a.currency = d.currency
        where d.amount <> coalesce(a.amount, 0)`,
    ),

  'what an agent put into a cart is counted': (ctx) =>
    found(
      ctx,
      sql`select c.agent_id, c.cart_id, c.currency, c.amount, a.amount as added
        from agent_carts as c
        left join (select agent_id, cart_id, currency, sum(amount) as amount from agent_additions
          group by agent_id, cart_id, currency) as a
          on a.agent_id = c.agent_id and a.cart_id = c.cart_id and a.currency = c.currency
        where c.amount <> coalesce(a.amount, 0)`,
    ),

  'the demand for a product is that of its days': (ctx) =>
    found(
      ctx,
      sql`select p.product_id, p.orders, d.orders as of_days from product_demand as p
        left join (select product_id, sum(orders) as orders from product_demand_days
          group by product_id) as d on d.product_id = p.product_id
        where p.orders <> coalesce(d.orders, 0)`,
    ),

  'products are counted together as often in either direction': (ctx) =>
    found(
      ctx,
      sql`select a.product_id, a.other_id, a.orders, b.orders as other_way from product_pairs as a
        left join product_pairs as b
          on b.product_id = a.other_id and b.other_id = a.product_id
        where a.orders <> coalesce(b.orders, 0)`,
    ),

  'each counted order adds each of its pairs once': (ctx) =>
    found(
      ctx,
      sql`select * from (select
          (select coalesce(sum(orders), 0) from product_pairs) as pairs,
          (select coalesce(sum(product_count * (product_count - 1)), 0) from demand_orders) as due
        ) as sums where pairs <> due`,
    ),
})
