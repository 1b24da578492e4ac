import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { remember } from '#platform/remembered'
import { codeKey } from './codes.ts'
import { promotionEvents } from './events.ts'
import type { PromotionRow } from './find.ts'
import type { RefusalReason } from './schemas.ts'
import { db } from './tables.ts'

/** A promotion as one buyer finds it: under a code or by itself, in one currency, with its uses. */
export type Standing = Pick<
  PromotionRow,
  | 'id'
  | 'label'
  | 'kind'
  | 'rate_ppm'
  | 'status'
  | 'automatic'
  | 'starts_at'
  | 'ends_at'
  | 'usage_limit'
  | 'usage_limit_per_customer'
  | 'exclusive'
  | 'priority'
  | 'for_items'
  | 'for_customers'
> & {
  code: string | null
  code_key: string | null
  code_usage_limit: number | null
  fixed_amount: number | null
  minimum_amount: number | null
  /** 1 if it names no currency at all, or this one. */
  in_currency: number
  /** 1 if the customer is among those listed. */
  is_listed: number
  /** Live redemptions; counted only where there is a limit. */
  used: number
  used_by_customer: number
  used_of_code: number
}

type Asked = {
  codes: readonly string[]
  currency: string
  customer_id: Id<'customer'> | null
}

/**
 * How many automatic promotions can be active at once: each of them is read for every cart. Kept by
 * `activatePromotion` under a lock of its own.
 */
export const AUTOMATIC_MAX = 100

const live = sql`promotion_redemptions as l where l.given_back_at is null`

const named = prepared(db, (open, p: Asked, engine) => {
  const keys = isOneOf(engine, 'c.code_key', { values: p.codes, kind: 'text' })
  return rawQuery(
    open,
    sql<Standing>`
      select p.id, p.label, p.kind, p.rate_ppm, p.status, p.automatic, p.starts_at, p.ends_at,
        p.usage_limit, p.usage_limit_per_customer, p.exclusive, p.priority, p.for_items,
        p.for_customers, c.code, c.code_key, c.usage_limit as code_usage_limit, a.fixed_amount,
        a.minimum_amount,
        case when a.currency is not null or not exists (select 1 from promotion_amounts as o
          where o.promotion_id = p.id) then 1 else 0 end as in_currency,
        case when p.for_customers = 'listed' and exists (select 1 from promotion_targets as t
          where t.promotion_id = p.id and t.target_id = ${p.customer_id}
            and t.kind = 'customer') then 1 else 0 end as is_listed,
        case when p.usage_limit is null then 0 else
          (select count(*) from ${live} and l.promotion_id = p.id) end as used,
        case when p.usage_limit_per_customer is null then 0 else
          (select count(*) from ${live} and l.promotion_id = p.id
            and l.customer_id = ${p.customer_id}) end as used_by_customer,
        case when c.usage_limit is null then 0 else
          (select count(*) from ${live} and l.code_id = c.id) end as used_of_code
      from (
        select c.promotion_id, c.id as code_id from promotion_codes as c
        where c.archived_at is null and ${keys}
        union all
        select a.id, null from promotions as a where a.automatic = true and a.status = 'active') as n
      join promotions as p on p.id = n.promotion_id
      left join promotion_codes as c on c.id = n.code_id
      left join promotion_amounts as a on a.promotion_id = p.id and a.currency = ${p.currency}
      order by p.priority, p.id`,
  )
})

const anyAutomatic = prepared(db, (open) =>
  open
    .selectFrom('promotions')
    .select('id')
    .where('automatic', '=', true)
    .where('status', '=', 'active')
    .limit(1),
)

/** Whether any promotion applies by itself: most shops have none, and then need not be asked. */
export const rememberedAutomatic = remember({
  topic: 'promotions.automatic',
  forgotten_on: [promotionEvents.created, promotionEvents.updated, promotionEvents.status_changed],
  key: () => '',
  read: async (ctx, _: object) => ({
    value: (await anyAutomatic(ctx, {})).length > 0,
    until: null,
  }),
})

/**
 * The promotions that these codes name and those that apply by themselves, as a customer (null: not
 * known yet) finds them: one statement, and none where there is nothing to look for.
 */
export async function standings(ctx: Context, { codes, ...asked }: Asked): Promise<Standing[]> {
  if (codes.length === 0 && !(await rememberedAutomatic(ctx, {}))) return []
  return named(ctx, { ...asked, codes: [...new Set(codes.map(codeKey))] })
}

/** Why this promotion cannot be had at `now`, whatever is bought; undefined if it can. */
export function refusalOf(standing: Standing, now: string): RefusalReason | undefined {
  const { status, starts_at, ends_at } = standing
  if (status === 'paused') return 'paused'
  if (status !== 'active') return 'unknown'
  if (starts_at !== null && now < starts_at) return 'not_started'
  if (ends_at !== null && now >= ends_at) return 'ended'
  if (standing.for_customers === 'listed' && !standing.is_listed) return 'not_for_customer'
  if (isReached(standing.used, standing.usage_limit)) return 'used_up'
  if (isReached(standing.used_of_code, standing.code_usage_limit)) return 'used_up'
  const { used_by_customer, usage_limit_per_customer } = standing
  if (isReached(used_by_customer, usage_limit_per_customer)) return 'used_up_by_customer'
  return standing.in_currency ? undefined : 'wrong_currency'
}

const isReached = (used: number, limit: number | null): boolean => limit !== null && used >= limit

/** What buyers are told. */
export const EXPLANATIONS: Record<RefusalReason, string> = {
  unknown: 'there is no such code',
  not_started: 'it cannot be used yet',
  ended: 'it has expired',
  paused: 'it cannot be used at the moment',
  used_up: 'it has been used as often as it can be',
  used_up_by_customer: 'you have used this code as often as you can',
  not_for_customer: 'it is for certain customers only',
  wrong_currency: 'it does not count in this currency',
  already_applied: 'another code of the same promotion is entered already',
  nothing_eligible: 'nothing in the cart is eligible for it',
}
