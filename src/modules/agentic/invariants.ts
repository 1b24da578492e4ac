import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const agenticInvariants = defineInvariants('agentic', {
  'a completed session has its order, and the order of an open one waits to be paid': async (
    ctx,
  ) => {
    const { rows } = await sql<{ id: string }>`
      select s.id, s.status, o.status as order_status, o.payment_status
      from agent_sessions as s left join orders as o on o.id = s.order_id
      where (s.status = 'completed' and o.id is null)
        or (s.status in ('complete_in_progress', 'authentication_required')
          and (o.id is null or o.status = 'cancelled'
            or o.payment_status in ('paid', 'authorized', 'failed')))`.execute(ctx.session.kysely)
    return rows
  },

  'the order of a session comes to what was shown': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select s.id, s.total_amount, o.subtotal_amount, o.discount_amount, o.shipping_amount
      from agent_sessions as s join orders as o on o.id = s.order_id
      where s.status = 'complete_in_progress' and s.total_amount <> o.total_amount`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'what is held for a session belongs to an open one that has no order': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select r.id, r.reference_id, s.status, s.order_id from reservations as r
      left join agent_sessions as s on cast(s.id as text) = r.reference_id
      where r.reference_type = 'agent_session' and r.status in ('pending', 'confirmed')
        and (s.id is null or s.ended_at is not null or s.order_id is not null)`.execute(
      ctx.session.kysely,
    )
    return rows
  },
})
