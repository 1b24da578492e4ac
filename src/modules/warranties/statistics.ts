import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { Instant, InstantInput, toInstant } from '#kit/schemas'
import { knownProducts } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { invalidField, query } from '#platform/operations'
import { addDays } from './months.ts'
import { db } from './tables.ts'

const DEFAULT_DAYS = 365

export const GetStatistics = Type.Object({
  from: Type.Optional(
    Type.Unsafe<string>({ ...InstantInput, description: 'A year before `to` unless said.' }),
  ),
  to: Type.Optional(Type.Unsafe<string>({ ...InstantInput, description: 'Now unless said.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})
export type GetStatistics = Static<typeof GetStatistics>

const Count = Type.Integer({ minimum: 0 })
export const Statistics = Type.Object({
  from: Instant,
  to: Instant,
  products: Type.Array(
    Type.Object({
      product_id: IdSchema('product'),
      product_name: Type.String(),
      covered_units: Type.Integer({ minimum: 0, description: 'That were covered in this time.' }),
      claimed_units: Type.Integer({ minimum: 0, description: 'In claims of this time.' }),
      claims: Count,
      approved: Type.Integer({ minimum: 0, description: 'Claims that were accepted.' }),
      rejected: Count,
      repairs: Count,
      replacements: Count,
      refunds: Count,
      credits: Count,
      claim_rate: Type.Union([Type.String({ examples: ['0.0312'] }), Type.Null()], {
        description: 'Claimed by covered units of this time; null where none was covered.',
      }),
    }),
    { description: 'The most claimed first.' },
  ),
})
export type Statistics = Static<typeof Statistics>

type Figures = { product_id: Id<'product'> } & Record<
  | 'covered_units'
  | 'claimed_units'
  | 'claims'
  | 'approved'
  | 'rejected'
  | 'repairs'
  | 'replacements'
  | 'refunds'
  | 'credits',
  number
>

const remedied = (kind: string) =>
  sql`sum(case when c.remedy = ${sql.lit(kind)} and c.status in ('fulfilled', 'closed')
    then 1 else 0 end)`

const figures = prepared(db, (open, p: { from: string; to: string; limit: number }) =>
  rawQuery<Figures>(
    open,
    sql`select coalesce(c.product_id, w.product_id) as product_id,
        coalesce(w.units, 0) as covered_units, coalesce(c.units, 0) as claimed_units,
        coalesce(c.claims, 0) as claims, coalesce(c.approved, 0) as approved,
        coalesce(c.rejected, 0) as rejected, coalesce(c.repairs, 0) as repairs,
        coalesce(c.replacements, 0) as replacements, coalesce(c.refunds, 0) as refunds,
        coalesce(c.credits, 0) as credits
      from (select product_id, sum(quantity) as units from warranties
        where created_at >= ${p.from} and created_at < ${p.to} and replaces_id is null
        group by product_id) as w
      full join (select c.product_id, sum(c.quantity) as units, count(*) as claims,
          sum(case when c.decided_at is not null and c.remedy is not null
            or c.status in ('approved', 'fulfilled') then 1 else 0 end) as approved,
          sum(case when c.status = 'rejected' then 1 else 0 end) as rejected,
          ${remedied('repair')} as repairs, ${remedied('replace')} as replacements,
          ${remedied('refund')} as refunds, ${remedied('credit')} as credits
        from warranty_claims as c
        where c.created_at >= ${p.from} and c.created_at < ${p.to}
        group by c.product_id) as c on c.product_id = w.product_id
      order by claimed_units desc, product_id limit ${p.limit}`,
  ),
)

/** How often products are claimed, the most claimed first. */
export async function getStatistics(ctx: Context, input: GetStatistics): Promise<Statistics> {
  const to = input.to === undefined ? ctx.now : toInstant(input.to)
  const from = input.from === undefined ? addDays(to, -DEFAULT_DAYS) : toInstant(input.from)
  if (from >= to) throw invalidField('from', 'must be before `to`')
  const rows = await figures(ctx, { from, to, limit: input.limit ?? 20 })
  const names = await knownProducts(
    ctx,
    rows.map(({ product_id }) => product_id),
  )
  return {
    from,
    to,
    products: rows.map(({ product_id, ...counts }) => ({
      product_id,
      product_name: names.get(product_id) ?? '',
      ...counts,
      claim_rate:
        counts.covered_units > 0 ? (counts.claimed_units / counts.covered_units).toFixed(4) : null,
    })),
  }
}

export const statisticsOperations = [
  query('warranties.get_statistics', {
    rest: 'GET /api/v1/warranties/statistics',
    permission: 'reports:read',
    summary: 'Read how often products are claimed',
    input: GetStatistics,
    output: Statistics,
    example: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z', limit: 20 },
    run: getStatistics,
  }),
]
