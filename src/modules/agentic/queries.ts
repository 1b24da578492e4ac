import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { readSession, sessionByOrder } from './find.ts'
import type { AgentSession, GetSession } from './schemas.ts'

/** A session as it was shown last. Reading it asks neither prices nor stock. */
export const getSession = (ctx: Context, input: GetSession): Promise<AgentSession> =>
  readSession(ctx, input)

/** The session that an order came from, and whose it is; undefined for all other orders. */
export async function sessionOfOrder(
  ctx: Context,
  order_id: Id<'order'>,
): Promise<(AgentSession & { agent: string; protocol: string }) | undefined> {
  const row = await sessionByOrder.first(ctx, { order_id })
  return row && { ...row.document, agent: row.agent, protocol: row.told.protocol }
}
