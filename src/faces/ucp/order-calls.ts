import { metadata } from './answers.ts'
import type { Call } from './calls.ts'

const capability = 'dev.ucp.shopping.order'

export const orderCalls: readonly Call[] = [
  {
    name: 'get_order',
    title: 'Read an order',
    description: 'An order that you brought, as it stands now.',
    route: 'GET /orders/:id',
    status: 200,
    capability,
    scope: 'dev.ucp.shopping.order:read',
    operations: ['ucp.get_order'],
    kind: 'reads',
    run: async ({ caller, platform, id }) => {
      const order = (await caller.ask('ucp.get_order', { id })) as object
      return { ucp: metadata(platform, capability), ...order }
    },
  },
]
