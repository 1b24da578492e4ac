import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

// An invariant may look at other modules' tables.
export const claimInvariants = defineInvariants('returns', {
  'I-40 a claim keeps its units unless they come back or it is refused': async (ctx) => {
    const { rows } = await sql<object>`
      select l.id, c.status, c.goods, l.kept_quantity from claim_lines as l
      join claims as c on c.id = l.claim_id
      where l.kept_quantity <> case
        when c.status in ('rejected', 'cancelled') or c.goods = 'return' then 0
        else l.quantity end`.execute(ctx.session.kysely)
    return rows
  },

  'a resolved claim has had what was agreed': async (ctx) => {
    const { rows } = await sql<object>`
      select c.id, c.remedy, f.status, o.id as order_id from claims as c
      left join order_refunds as f on f.id = c.order_refund_id
      left join orders as o on o.id = c.out_order_id
      where c.status = 'resolved' and case c.remedy
        when 'replacement' then o.id is null
        when 'none' then o.id is not null or f.id is not null
        else f.id is null end`.execute(ctx.session.kysely)
    return rows
  },
})
