import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { agentErrors } from '../errors.ts'
import type { Addition, Agent, GetAgent, ListAdditions, ListAgents } from '../schemas.ts'
import { type AgentRow, db } from '../tables.ts'

const byId = prepared(db, (open, p: { id: Id<'agent'> }) =>
  open.selectFrom('agents').selectAll().where('id', '=', p.id),
)

/** An agent; throws `not_found`. */
export async function findAgent(ctx: Context, id: Id<'agent'>): Promise<AgentRow> {
  const agent = await byId.first(ctx, { id })
  if (!agent) throw agentErrors.not_found({ agent_id: id })
  return agent
}

const limitsOfAgents = prepared(db, (open, p: { ids: readonly string[]; day: string }, engine) =>
  open
    .selectFrom('agent_limits as l')
    .leftJoin('agent_days as d', (on) =>
      on
        .onRef('d.agent_id', '=', 'l.agent_id')
        .onRef('d.currency', '=', 'l.currency')
        .on('d.day', '=', p.day),
    )
    .selectAll('l')
    .select('d.amount as spent_amount')
    .where(isOneOf(engine, 'l.agent_id', { values: p.ids, kind: 'uuid' }))
    .orderBy('l.agent_id')
    .orderBy('l.currency'),
)

/** Agents as they are answered, with their limits and what they spent today; one statement. */
export async function printAgents(ctx: Context, rows: readonly AgentRow[]): Promise<Agent[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const limits = await limitsOfAgents(ctx, { ids, day: ctx.now.slice(0, 10) })
  const byAgent = Map.groupBy(limits, ({ agent_id }) => agent_id)
  return rows.map((agent) => ({
    ...agent,
    paused: agent.paused_at !== null,
    limits: (byAgent.get(agent.id) ?? []).map(({ currency, ...limit }) => ({
      currency,
      per_cart: moneyOf(limit.per_cart_amount, currency),
      per_day: moneyOf(limit.per_day_amount, currency),
      spent_today: formatMoney(limit.spent_amount ?? 0, currency),
    })),
  }))
}

const moneyOf = (amount: number | null, currency: string) =>
  amount === null ? null : formatMoney(amount, currency)

/** An agent with its limits. Throws `not_found`. */
export async function getAgent(ctx: Context, { id }: GetAgent): Promise<Agent> {
  const [agent] = await printAgents(ctx, [await findAgent(ctx, id)])
  return agent as Agent
}

/** Agents, newest first. */
export async function listAgents(ctx: Context, query: ListAgents): Promise<Page<Agent>> {
  return pageById(ctx, query, {
    name: 'agents',
    rows: db(ctx).selectFrom('agents').selectAll(),
    tell: (rows) => printAgents(ctx, rows),
  })
}

/** What an agent put into carts, newest first. Throws `not_found`. */
export async function listAdditions(ctx: Context, query: ListAdditions): Promise<Page<Addition>> {
  const { id } = await findAgent(ctx, query.id)
  return pageById(ctx, query, {
    name: 'additions of an agent',
    rows: db(ctx).selectFrom('agent_additions').where('agent_id', '=', id).selectAll(),
    tell: (rows) =>
      rows.map(({ agent_id: _, day: __, amount, ...addition }) => ({
        ...addition,
        amount: formatMoney(amount, addition.currency),
      })),
  })
}
