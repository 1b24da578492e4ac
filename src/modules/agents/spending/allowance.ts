import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { apiKeyIdOf } from '#modules/access'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { agentErrors } from '../errors.ts'
import { type AgentRow, db, type LimitRow } from '../tables.ts'

const byKey = prepared(db, (open, p: { api_key_id: Id<'api_key'> }) =>
  open.selectFrom('agents').selectAll().where('api_key_id', '=', p.api_key_id),
)

/**
 * The agent who asks, held until the transaction ends, so that nobody changes its limits meanwhile;
 * undefined for a person or the platform. Take it before the cart. Throws `not_registered` for an
 * API key that no agent has, and `paused`.
 */
export async function heldAgent(ctx: Context): Promise<AgentRow | undefined> {
  if (ctx.actor.kind !== 'api_key') return undefined
  const api_key_id = apiKeyIdOf(ctx.actor)
  const known = api_key_id && (await byKey.first(ctx, { api_key_id }))
  if (!known) throw agentErrors.not_registered()
  await lockEntity(ctx, 'agent', known.id)
  const agent = (await byKey.first(ctx, { api_key_id })) ?? known
  if (agent.paused_at !== null) throw agentErrors.paused({ agent_id: agent.id, name: agent.name })
  return agent
}

export const limitsOf = prepared(db, (open, p: { agent_id: Id<'agent'> }) =>
  open
    .selectFrom('agent_limits')
    .selectAll()
    .where('agent_id', '=', p.agent_id)
    .orderBy('currency'),
)

type Counted = { agent_id: string; currency: string; amount: number }
export type DayRow = Counted & { day: string }
type CartRow = Counted & { cart_id: string }

const KINDS = { agent_id: 'uuid', currency: 'text', amount: 'bigint' } as const
// The first addition is compared before it is written, every other one in the write itself.
export const addToDay = insertEach<DayRow, unknown>(
  db as never,
  { ...KINDS, day: 'text' },
  {
    table: 'agent_days',
    values: (row) => row,
    onConflict: sql`on conflict (agent_id, currency, day) do update set
    amount = agent_days.amount + excluded.amount
    where agent_days.amount + excluded.amount <= coalesce((select per_day_amount
      from agent_limits as l where l.agent_id = agent_days.agent_id
        and l.currency = agent_days.currency), ${sql.lit(Number.MAX_SAFE_INTEGER)})`,
  },
)
const addToCart = insertEach<CartRow, unknown>(
  db as never,
  { ...KINDS, cart_id: 'uuid' },
  {
    table: 'agent_carts',
    values: (row) => row,
    onConflict: sql`on conflict (agent_id, cart_id, currency) do update set
    amount = agent_carts.amount + excluded.amount
    where agent_carts.amount + excluded.amount <= coalesce((select per_cart_amount
      from agent_limits as l where l.agent_id = agent_carts.agent_id
        and l.currency = agent_carts.currency), ${sql.lit(Number.MAX_SAFE_INTEGER)})`,
  },
)

/** What an agent wants to put into a cart; minor units. */
export type Spending = { cart_id: Id<'cart'>; currency: string; amount: number }

/**
 * Counts what an agent puts into a cart, or refuses it: each counter's write touches no row once
 * its limit would be exceeded. Throws `over_limit`.
 */
export async function takeAllowance(
  ctx: Context,
  agent: AgentRow,
  { cart_id, currency, amount }: Spending,
): Promise<void> {
  const limits = await limitsOf(ctx, { agent_id: agent.id })
  const none: Pick<LimitRow, 'per_cart_amount' | 'per_day_amount'> = {
    per_cart_amount: 0,
    per_day_amount: 0,
  }
  const limit = limits.find((known) => known.currency === currency) ?? none
  const refuse = (scope: string, most: number | null) =>
    overLimit(agent, { scope, most, currency, amount })
  const { per_cart_amount, per_day_amount } = limit
  const counted = { agent_id: agent.id, currency, amount }
  const isWithin = (most: number | null) => most === null || amount <= most
  const cart = { ...counted, cart_id }
  if (!isWithin(per_cart_amount) || (await addToCart.run(ctx, { rows: [cart] })).affected === 0) {
    throw refuse('cart', per_cart_amount)
  }
  const day = { ...counted, day: ctx.now.slice(0, 10) }
  if (!isWithin(per_day_amount) || (await addToDay.run(ctx, { rows: [day] })).affected === 0) {
    throw refuse('day', per_day_amount)
  }
}

type Over = { scope: string; most: number | null; currency: string; amount: number }

/** The refusal of what would be too much; amounts in minor units. */
export const overLimit = (
  { id: agent_id, name }: Pick<AgentRow, 'id' | 'name'>,
  { scope, most, currency, amount }: Over,
) =>
  agentErrors.over_limit({
    agent_id,
    name,
    scope,
    currency,
    limit: formatMoney(most ?? 0, currency),
    wanted: formatMoney(amount, currency),
  })
