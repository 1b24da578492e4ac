import { sql } from 'kysely'
import type { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { eachRow, type Row } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { codeKey } from './codes.ts'
import { underLocks } from './coupon-locks.ts'
import { promotionErrors } from './errors.ts'
import { promotionEvents } from './events.ts'
import { EXPLANATIONS, refusalOf, type Standing, standings } from './standing.ts'
import { db } from './tables.ts'

/** What an order took off: `discounts` as `priced` applied them. */
export type Redeemed = {
  order_id: Id<'order'>
  customer_id: Id<'customer'>
  currency: string
  /** `id` is the promotion's; `amount` in minor units; `code` null where none was asked for. */
  discounts: readonly { id: string; code: string | null; amount: number }[]
}

type NewRedemption = {
  id: Id<'redemption'>
  promotion_id: Id<'promotion'>
  code_key: string | null
  order_id: Id<'order'>
  customer_id: Id<'customer'>
  currency: string
  amount: number
  now: string
}
const KINDS = {
  id: 'uuid',
  promotion_id: 'uuid',
  code_key: 'text',
  order_id: 'uuid',
  customer_id: 'uuid',
  currency: 'text',
  amount: 'bigint',
  now: 'timestamptz',
} as const

type Inserted = { promotion_id: Id<'promotion'>; id: Id<'redemption'>; code: string | null }

const live = sql`select count(*) from promotion_redemptions as l where l.given_back_at is null`

/**
 * Redeems what may still be redeemed. Everything that decides stands in this one statement, which
 * runs under the promotions' locks: nobody else can redeem between the count and the insert.
 */
const insertRedemptions = eachRow(db, KINDS, (r: Row<NewRedemption>, from) => {
  const isIt = sql`p.id = ${r.promotion_id}`
  return sql<Inserted>`
    insert into promotion_redemptions (id, promotion_id, code_id, code, order_id, customer_id,
      currency, amount, redeemed_at)
    select ${r.id}, p.id, c.id, c.code, ${r.order_id}, ${r.customer_id}, ${r.currency},
      ${r.amount}, ${r.now}
    from ${from ? sql`${from} as r join promotions as p on ${isIt}` : sql`promotions as p`}
      left join promotion_codes as c on c.promotion_id = p.id and c.code_key = ${r.code_key}
        and c.archived_at is null
    where ${isIt} and p.status = 'active'
      and (p.starts_at is null or p.starts_at <= ${r.now})
      and (p.ends_at is null or p.ends_at > ${r.now})
      and (p.automatic or c.id is not null)
      and (p.for_customers = 'all' or exists (select 1 from promotion_targets as t
        where t.promotion_id = p.id and t.kind = 'customer' and t.target_id = ${r.customer_id}))
      and (p.usage_limit is null
        or (${live} and l.promotion_id = p.id) < p.usage_limit)
      and (p.usage_limit_per_customer is null or (${live} and l.promotion_id = p.id
        and l.customer_id = ${r.customer_id}) < p.usage_limit_per_customer)
      and (c.usage_limit is null or (${live} and l.code_id = c.id) < c.usage_limit)
    on conflict (order_id, promotion_id) do nothing
    returning promotion_id, id, code`
})

/**
 * Uses promotions up for an order, all or none. However many do so at once, no limit is passed:
 * also under READ COMMITTED, because each promotion is locked first (call it last: coupons are the
 * last of the locks). Once more for the same order changes nothing. Throws `coupon_used_up` when
 * the last use is gone, `coupon_refused` when it cannot be had any more for another reason, and
 * `redemption_given_back` for an order that gave it back.
 */
export async function redeem(ctx: Context, redeemed: Redeemed): Promise<void> {
  const { order_id, customer_id, currency } = redeemed
  if (redeemed.discounts.length === 0) return
  const rows = redeemed.discounts.map(({ id, code, amount }) => ({
    id: ctx.newId('redemption'),
    promotion_id: id as Id<'promotion'>,
    code_key: code === null ? null : codeKey(code),
    order_id,
    customer_id,
    currency,
    amount,
    now: ctx.now,
  }))
  const promotions = rows.map(({ promotion_id }) => promotion_id)
  const inserted = await underLocks(ctx, promotions, () => insertRedemptions(ctx, { rows }))
  for (const { promotion_id, id, code } of inserted) {
    const { amount } = rows.find((row) => row.promotion_id === promotion_id) as NewRedemption
    const facts = { redemption_id: id, promotion_id, code, order_id, customer_id }
    emit(ctx, promotionEvents.redeemed({ ...facts, currency, amount }))
  }
  const done = new Set(inserted.map(({ promotion_id }) => promotion_id))
  const rest = rows.filter(({ promotion_id }) => !done.has(promotion_id))
  if (rest.length > 0) await explain(ctx, redeemed, rest)
}

const redemptionsOf = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('promotion_redemptions')
    .select(['promotion_id', 'given_back_at'])
    .where('order_id', '=', p.order_id),
)

/** What was not redeemed is redeemed already by this order, or is refused with its reason. */
async function explain(
  ctx: Context,
  { order_id, customer_id, currency, discounts }: Redeemed,
  rest: readonly NewRedemption[],
): Promise<void> {
  const before = new Map(
    (await redemptionsOf(ctx, { order_id })).map((row) => [row.promotion_id, row]),
  )
  const codes = discounts.flatMap(({ code }) => (code === null ? [] : [code]))
  const found = await standings(ctx, { codes, currency, customer_id })
  for (const { promotion_id, code_key } of rest) {
    const standing = found.find((s) => s.id === promotion_id && s.code_key === code_key)
    const { code = null } = discounts.find(({ id }) => id === promotion_id) ?? {}
    const coupon = code ?? standing?.label ?? 'a discount'
    const redemption = before.get(promotion_id)
    if (redemption?.given_back_at) throw promotionErrors.redemption_given_back({ order_id, coupon })
    if (!redemption) throw refusalFor(ctx, { promotion_id, coupon, code, standing })
  }
}

type Refused = {
  promotion_id: Id<'promotion'>
  coupon: string
  code: string | null
  standing: Standing | undefined
}

function refusalFor(ctx: Context, { promotion_id, coupon, code, standing }: Refused): DomainError {
  // One that applies by itself is found only while it is active.
  const missing = code === null ? 'ended' : 'unknown'
  const reason = standing ? refusalOf(standing, ctx.now) : missing
  if (!reason) throw new TryAgain('a promotion changed meanwhile')
  const details = { coupon, explanation: EXPLANATIONS[reason], reason, promotion_id }
  const isUsedUp = reason === 'used_up' || reason === 'used_up_by_customer'
  return isUsedUp
    ? promotionErrors.coupon_used_up(details)
    : promotionErrors.coupon_refused(details)
}
