import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'

const found = async (ctx: Context, query: RawBuilder<object>): Promise<readonly object[]> =>
  (await query.execute(ctx.session.kysely)).rows

export const webhookInvariants = defineInvariants('webhooks', {
  'what was delivered was tried, and its last try was answered 2xx': (ctx) =>
    found(
      ctx,
      sql`select d.id, d.attempts, d.response_status from webhook_deliveries as d
        where d.status = 'delivered' and (d.attempts < 1 or d.response_status is null
          or d.response_status not between 200 and 299
          or not exists (select 1 from webhook_attempts as a where a.delivery_id = d.id))`,
    ),

  'nothing waits for a webhook that is deleted': (ctx) =>
    found(
      ctx,
      sql`select d.id from webhook_deliveries as d join webhooks as w on w.id = d.webhook_id
        where w.status = 'deleted' and d.status in ('pending', 'sending')`,
    ),

  'every webhook has its progress': (ctx) =>
    found(
      ctx,
      sql`select w.id from webhooks as w
        left join webhook_progress as p on p.webhook_id = w.id where p.webhook_id is null`,
    ),

  'a delivery that is made of an event has that event': (ctx) =>
    found(
      ctx,
      sql`select d.id, d.message_id from webhook_deliveries as d
        left join events as e on cast(e.id as text) = d.message_id
        where d.body is null and e.id is null`,
    ),

  'a try belongs to a delivery': (ctx) =>
    found(
      ctx,
      sql`select a.id from webhook_attempts as a
        left join webhook_deliveries as d on d.id = a.delivery_id where d.id is null`,
    ),
})
