import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

// An invariant may look at other modules' tables.
export const exchangeInvariants = defineInvariants('returns', {
  'I-42 a settled exchange brought what was credited for its return': async (ctx) => {
    const { rows } = await sql<object>`
      select e.id, e.value_in_amount, f.amount from exchanges as e
      left join order_refunds as f on f.id = e.order_refund_id
      where e.status in ('settled', 'completed')
        and (e.value_in_amount <> coalesce(f.amount, 0)
          or (f.id is not null and f.return_id <> e.return_id))`.execute(ctx.session.kysely)
    return rows
  },

  'I-44 goods of an agreed exchange are on order, and of no other are': async (ctx) => {
    const { rows } = await sql<object>`
      select e.id, e.status, o.status as order_status from exchanges as e
      left join orders as o on o.id = e.out_order_id
      where (e.status in ('requested', 'rejected') and o.id is not null)
        or (e.status = 'cancelled' and o.id is not null and o.status <> 'cancelled')
        or (e.status in ('approved', 'settled', 'completed') and o.id is null)`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'an exchange and its return stand together': async (ctx) => {
    const { rows } = await sql<object>`
      select e.id, e.status, r.status as return_status from exchanges as e
      join returns as r on r.id = e.return_id
      where r.exchange_id <> e.id or r.order_id <> e.order_id
        or (e.status = 'requested') <> (r.status = 'Requested')
        or (e.status = 'rejected') <> (r.status = 'Rejected')
        or (e.status = 'cancelled') <> (r.status = 'Cancelled')`.execute(ctx.session.kysely)
    return rows
  },
})
