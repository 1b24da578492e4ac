import type { Id } from '#kit/ids'
import { apiKeyIdOf } from '#modules/access'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { agentErrors } from '../errors.ts'
import { db } from '../tables.ts'
import { addToDay, overLimit } from './allowance.ts'

/** What an agent buys in a session of a protocol; minor units, before discounts, tax, shipping. */
export type SessionSpending = { session_id: Id<'agent_session'>; currency: string; amount: number }

type Spender = { api_key_id: Id<'api_key'>; currency: string }

const spenderOf = prepared(db, (open, p: Spender) =>
  open
    .selectFrom('agents as a')
    .leftJoin('agent_limits as l', (on) =>
      on.onRef('l.agent_id', '=', 'a.id').on('l.currency', '=', p.currency),
    )
    .select(['a.id', 'a.name', 'a.paused_at'])
    .select(['l.agent_id as limited', 'l.per_cart_amount', 'l.per_day_amount'])
    .where('a.api_key_id', '=', p.api_key_id),
)
const insertSpendings = insertRows(db, 'agent_session_spendings')

/**
 * Counts what an agent buys in a session against its limits, as one cart and in its day, or refuses
 * it: the day's write touches no row once the limit would be exceeded. A credential that no agent
 * is known by has no limits here. Take it after all other locks: it is one row for all that an
 * agent buys in a day. Throws `paused`, `over_limit`.
 */
export async function spendInSession(ctx: Context, spending: SessionSpending): Promise<void> {
  const api_key_id = apiKeyIdOf(ctx.actor)
  if (!api_key_id) return
  const { session_id, currency, amount } = spending
  const agent = await spenderOf.first(ctx, { api_key_id, currency })
  if (!agent) return
  const { id: agent_id, name } = agent
  if (agent.paused_at !== null) throw agentErrors.paused({ agent_id, name })
  // Without a row for a currency it may spend nothing in it.
  const mostOf = (most: number | null) => (agent.limited === null ? 0 : most)
  const refuse = (scope: string, most: number | null) =>
    overLimit(agent, { scope, most, currency, amount })
  const per_cart = mostOf(agent.per_cart_amount)
  if (per_cart !== null && amount > per_cart) throw refuse('cart', per_cart)
  const per_day = mostOf(agent.per_day_amount)
  const counted = { agent_id, currency, amount, day: ctx.now.slice(0, 10) }
  const isWithin = per_day === null || amount <= per_day
  if (!isWithin || (await addToDay.run(ctx, { rows: [counted] })).affected === 0) {
    throw refuse('day', per_day)
  }
  await insertSpendings(ctx, { rows: [{ ...counted, session_id, created_at: ctx.now }] })
}

type Session = { session_id: Id<'agent_session'> }

const takeOut = prepared(db, (open, p: Session) =>
  open
    .deleteFrom('agent_session_spendings')
    .where('session_id', '=', p.session_id)
    .returning(['agent_id', 'currency', 'amount', 'day']),
)
const giveBack = prepared(
  db,
  (open, p: { agent_id: Id<'agent'>; currency: string; day: string; amount: number }) =>
    open
      .updateTable('agent_days')
      .set((eb) => ({ amount: eb('amount', '-', p.amount) }))
      .where('agent_id', '=', p.agent_id)
      .where('currency', '=', p.currency)
      .where('day', '=', p.day),
)

/** Gives back what a session has counted, because its purchase did not come about; once. */
export async function giveBackSpending(ctx: Context, session: Session): Promise<void> {
  const spent = await takeOut.first(ctx, session)
  if (spent) await giveBack.run(ctx, spent)
}
