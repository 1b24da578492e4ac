import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const draftInvariants = defineInvariants('drafts', {
  'a draft and its order name each other, and no draft has two': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select o.id, o.draft_id, d.order_id from orders as o
      left join drafts as d on d.id = o.draft_id
      where o.draft_id is not null and (d.order_id is null or d.order_id <> o.id)
      union all
      select o.id, o.draft_id, d.order_id from drafts as d
      left join orders as o on o.id = d.order_id
      where d.order_id is not null and (o.draft_id is null or o.draft_id <> d.id)`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'a draft that is over holds no stock': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select d.id, d.status from drafts as d
      join reservations as r on r.reference_type = 'draft' and r.reference_id = cast(d.id as text)
      where r.status in ('pending', 'confirmed') and d.status not in ('open', 'sent')`.execute(
      ctx.session.kysely,
    )
    return rows
  },
})
