import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { moneyErrors, parseCurrency, parseMoney } from '#kit/money'
import { apiKeyOf } from '#modules/access'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { lockEntity } from '#platform/database/entity-lock'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { agentErrors } from '../errors.ts'
import { agentEvents } from '../events.ts'
import type { Agent, LimitInput, RegisterAgent, UpdateAgent } from '../schemas.ts'
import { type AgentRow, db, type LimitRow } from '../tables.ts'
import { findAgent, getAgent } from './queries.ts'

const insertAgents = insertEach<AgentRow, unknown>(db as never, db.kinds('agents') as never, {
  table: 'agents',
  values: (row) => row,
  onConflict: sql`on conflict do nothing`,
})
const insertLimits = insertRows(db, 'agent_limits')

/** Makes an agent known. Throws `key_not_found`, `key_taken`. */
export async function registerAgent(ctx: Context, input: RegisterAgent): Promise<Agent> {
  const agent: AgentRow = {
    id: ctx.newId('agent'),
    name: input.name,
    description: input.description ?? null,
    api_key_id: input.api_key_id ?? null,
    paused_at: input.paused ? ctx.now : null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const limits = readLimits(agent.id, input.limits ?? [])
  await requireKey(ctx, agent)
  const { affected } = await insertAgents.run(ctx, { rows: [agent] })
  if (affected === 0) throw agentErrors.key_taken({ api_key_id: agent.api_key_id as string })
  if (limits.length > 0) await insertLimits.run(ctx, { rows: limits })
  emit(ctx, agentEvents.registered({ agent_id: agent.id, name: agent.name }))
  return getAgent(ctx, agent)
}

/** Changes what is named; `limits` are all of them. Throws `key_not_found`, `key_taken`. */
export async function updateAgent(ctx: Context, input: UpdateAgent): Promise<Agent> {
  const { id, limits, paused, ...change } = input
  await lockEntity(ctx, 'agent', id)
  const before = await findAgent(ctx, id)
  requireVersion(ctx, before.version)
  const after: AgentRow = {
    ...before,
    ...change,
    paused_at: pausedAt(ctx, before, paused),
    version: before.version + 1,
    updated_at: ctx.now,
  }
  await requireKey(ctx, after)
  const rows = limits && readLimits(id, limits)
  await db(ctx).updateTable('agents').set(after).where('id', '=', id).execute()
  if (rows) {
    await db(ctx).deleteFrom('agent_limits').where('agent_id', '=', id).execute()
    if (rows.length > 0) await insertLimits.run(ctx, { rows })
  }
  const told = { agent_id: id, name: after.name, paused: after.paused_at !== null }
  emit(ctx, agentEvents.changed(told))
  return getAgent(ctx, { id })
}

const pausedAt = (ctx: Context, { paused_at }: AgentRow, paused: boolean | undefined) =>
  paused === undefined ? paused_at : paused ? (paused_at ?? ctx.now) : null

/** The key must be there, and nobody else's. The lock makes two takers wait for each other. */
async function requireKey(ctx: Context, { id, api_key_id }: AgentRow): Promise<void> {
  if (api_key_id === null) return
  await lockEntity(ctx, 'agent_key', api_key_id)
  const [key, holder] = await Promise.all([
    apiKeyOf(ctx, api_key_id),
    db(ctx).selectFrom('agents').select('id').where('api_key_id', '=', api_key_id).execute(),
  ])
  if (!key || key.revoked_at !== null) throw agentErrors.key_not_found({ api_key_id })
  if (holder.some((other) => other.id !== id)) throw agentErrors.key_taken({ api_key_id })
}

function readLimits(agent_id: Id<'agent'>, limits: readonly LimitInput[]): LimitRow[] {
  const rows = limits.map((limit, nth) => {
    const currency = parseCurrency(limit.currency)
    const amount = (member: 'per_cart' | 'per_day') => {
      const said = limit[member]
      if (said === null || said === undefined) return null
      const field = `limits.${nth}.${member}`
      const minor = parseMoney(said, currency, field)
      if (minor < 0) throw moneyErrors.invalid_amount({ field, problem: 'it is negative' })
      return minor
    }
    const per_cart_amount = amount('per_cart')
    return { agent_id, currency, per_cart_amount, per_day_amount: amount('per_day') }
  })
  if (new Set(rows.map(({ currency }) => currency)).size < rows.length) {
    throw invalidField('limits', 'names a currency twice')
  }
  return rows
}
