import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'

const found = async (ctx: Context, query: RawBuilder<object>): Promise<readonly object[]> =>
  (await query.execute(ctx.session.kysely)).rows

export const warrantyInvariants = defineInvariants('warranties', {
  'I-45 what a claim is about broke within the coverage, or somebody said why it passes': (ctx) =>
    found(
      ctx,
      sql`select c.id, c.incident_at, w.start_at, w.end_at from warranty_claims as c
        join warranties as w on w.id = c.warranty_id
        where c.override_reason is null
          and (w.start_at is null or c.incident_at < w.start_at or c.incident_at >= w.end_at)`,
    ),

  'I-46 at most one remedy settles a claim, and it is the last': (ctx) =>
    found(
      ctx,
      sql`select c.id, c.status, c.remedy, r.settling from warranty_claims as c
        join (select claim_id, sum(case when kind <> 'repair' then 1 else 0 end) as settling
          from warranty_remedies group by claim_id) as r on r.claim_id = c.id
        where r.settling > 1 or (r.settling = 1 and c.status not in ('fulfilled', 'closed'))`,
    ),

  'I-46 what is fulfilled was remedied': (ctx) =>
    found(
      ctx,
      sql`select c.id from warranty_claims as c
        left join warranty_remedies as r on r.claim_id = c.id
        where c.status = 'fulfilled' and r.id is null`,
    ),

  'I-47 what replaces something is covered for the time that was left, never for more': (ctx) =>
    found(
      ctx,
      sql`select n.id, n.fixed_end_at, o.end_at from warranties as n
        join warranties as o on o.id = n.replaces_id
        left join warranty_remedies as r on r.replacement_id = n.id
        where n.fixed_end_at is null or n.fixed_end_at > o.end_at or r.id is null
          or r.kind <> 'replace' or n.quantity > r.quantity or r.warranty_id <> o.id`,
    ),

  'units in open claims, and those that are settled, are counted': (ctx) =>
    found(
      ctx,
      sql`select w.id, w.claimed_quantity, w.ended_quantity from warranties as w
        left join (select warranty_id, sum(quantity) as units from warranty_claims
          where status in ('submitted', 'approved') group by warranty_id) as c
          on c.warranty_id = w.id
        left join (select warranty_id, sum(quantity) as units from warranty_remedies
          where kind <> 'repair' group by warranty_id) as r on r.warranty_id = w.id
        where w.claimed_quantity <> coalesce(c.units, 0)
          or w.ended_quantity <> coalesce(r.units, 0)`,
    ),

  'credit that settles a claim was given': (ctx) =>
    found(
      ctx,
      sql`select r.id, r.amount, e.amount as given from warranty_remedies as r
        left join credit_entries as e on e.reference_id = cast(r.claim_id as text)
          and e.reference_type = 'warranty_claim'
        where r.kind = 'credit' and (e.id is null or e.amount <> r.amount
          or e.account_id <> r.credit_account_id)`,
    ),

  'a claim is of the product of its warranty, and of no more units': (ctx) =>
    found(
      ctx,
      sql`select c.id from warranty_claims as c join warranties as w on w.id = c.warranty_id
        where c.product_id <> w.product_id or c.quantity > w.quantity`,
    ),
})
