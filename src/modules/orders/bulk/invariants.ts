import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const bulkInvariants = defineInvariants('orders', {
  'a bulk operation counts the results of its orders, up to where it is': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select b.id, b.rows_ok, r.ok, b.rows_failed, r.failed, b.rows_total, r.total
      from order_bulks as b
      join (
        select r.bulk_id, count(*) as total,
          sum(case when r.position <= c.position and r.result = 'ok' then 1 else 0 end) as ok,
          sum(case when r.position <= c.position and r.result = 'failed' then 1 else 0 end) as failed
        from order_bulk_rows as r join order_bulks as c on c.id = r.bulk_id
        group by r.bulk_id) as r on r.bulk_id = b.id
      where b.rows_total <> r.total or b.rows_ok <> r.ok or b.rows_failed <> r.failed`.execute(
      ctx.session.kysely,
    )
    return rows
  },
})
