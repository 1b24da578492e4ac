import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const agentOrderInvariants = defineInvariants('agent_orders', {
  'agents are told of orders that their sessions completed': async (ctx) =>
    (
      await sql<object>`select a.order_id from agent_orders as a
        join agent_sessions as s on s.id = a.session_id
        where s.order_id is null or s.order_id <> a.order_id or s.status <> 'completed'`.execute(
        ctx.session.kysely,
      )
    ).rows,
})
