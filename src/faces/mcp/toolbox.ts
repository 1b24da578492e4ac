import type { App } from '#platform/app'
import type { Toolbox } from './server.ts'
import { checkoutSessionTools } from './tools/checkout-sessions.ts'
import { operatorTools } from './tools/operators.ts'
import { shopperTools } from './tools/shoppers.ts'

type Injects = Parameters<typeof checkoutSessionTools>[0]

/**
 * The tools of this shop: for shoppers, for agents that buy, and for staff. `http` is the server
 * that answers the Agentic Commerce Protocol.
 */
export const tradepostTools = (http: Injects, { settings }: App): Toolbox => ({
  name: 'tradepost',
  title: 'Tradepost',
  instructions:
    'A shop. Find products, fill a cart and check it out, or create a checkout session in one call. ' +
    'Amounts are decimal strings unless a tool says minor units. Send an idempotency_key with what changes.',
  tools: [...shopperTools, ...checkoutSessionTools(http, settings.acp_base_path), ...operatorTools],
})
