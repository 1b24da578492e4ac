import type { App } from '#platform/app'
import { type Calling, callerOf } from '../mcp/caller.ts'
import { requireScope } from './actors.ts'
import { refusal } from './answers.ts'
import type { Call } from './calls.ts'
import { cartCalls } from './cart-calls.ts'
import { catalogCalls } from './catalog-calls.ts'
import { checkoutCalls } from './checkout-calls.ts'
import { outcomeOf } from './fault.ts'
import { orderCalls } from './order-calls.ts'
import { platformOf } from './platform.ts'

/** All that a platform can ask for, by HTTP and as tools. */
export const calls: readonly Call[] = [
  ...checkoutCalls,
  ...cartCalls,
  ...catalogCalls,
  ...orderCalls,
]

type Request = Omit<Calling, 'app' | 'tool'> & { profile_url: string; id: string; body: unknown }
export type Answer = { status: number; body: object }

/**
 * Answers a request of a platform. Outcomes of business are answers (200); what cannot be
 * understood, or is not allowed, is thrown.
 */
export async function answer(app: App, call: Call, request: Request): Promise<Answer> {
  const { profile_url, id, body, ...calling } = request
  const platform = await platformOf(app, profile_url)
  if (!platform.capabilities.has(call.capability)) return incompatible(call)
  requireScope(calling.actor, call.scope)
  const tool = { name: `ucp.${call.name}`, input: { id, body } }
  const caller = callerOf({ app, ...calling, tool })
  try {
    return { status: call.status, body: await call.run({ app, caller, platform, id, body }) }
  } catch (error) {
    const outcome = outcomeOf(error)
    if (!outcome) throw error
    return { status: 200, body: refusal(outcome) }
  }
}

const incompatible = ({ capability }: Call): Answer => ({
  status: 200,
  body: refusal({
    code: 'capabilities_incompatible',
    content: `Your profile and this shop do not share ${capability}.`,
  }),
})
