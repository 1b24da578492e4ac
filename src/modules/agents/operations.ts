import { Cart, cartErrors } from '#modules/carts'
import { inventoryErrors } from '#modules/inventory'
import { pricingErrors } from '#modules/pricing'
import { command, query } from '#platform/operations'
import { agentErrors as errors } from './errors.ts'
import { registerAgent, updateAgent } from './identities/change-agents.ts'
import { getAgent, listAdditions, listAgents } from './identities/queries.ts'
import { recommend } from './recommendations/recommend.ts'
import * as of from './schemas.ts'
import { addAgentItem } from './spending/add-item.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const isolation = 'read committed' as const
const manage = { permission: 'agents:manage' } as const

const identities = [
  query('agents.list', {
    ...manage,
    rest: 'GET /api/v1/agents',
    summary: 'List agents, newest first',
    input: of.ListAgents,
    output: of.Agents,
    example: { limit: 20 },
    run: listAgents,
  }),
  query('agents.get', {
    ...manage,
    rest: 'GET /api/v1/agents/:id',
    summary: 'Read an agent with its limits and what it spent today',
    input: of.GetAgent,
    output: of.Agent,
    errors: [errors.not_found],
    example: { id },
    run: getAgent,
  }),
  query('agents.list_additions', {
    ...manage,
    rest: 'GET /api/v1/agents/:id/additions',
    summary: 'List what an agent put into carts, newest first',
    input: of.ListAdditions,
    output: of.Additions,
    errors: [errors.not_found],
    example: { id, limit: 20 },
    run: listAdditions,
  }),
  command('agents.register', {
    ...manage,
    isolation,
    rest: 'POST /api/v1/agents',
    summary: 'Make an agent known by its API key',
    description: 'Limits are amounts of goods; in a currency without a limit it may spend nothing.',
    status: 201,
    input: of.RegisterAgent,
    output: of.Agent,
    errors: [errors.key_not_found, errors.key_taken],
    example: {
      name: 'Shopping assistant',
      limits: [{ currency: 'USD', per_cart: '200.00', per_day: '500.00' }],
    },
    run: registerAgent,
  }),
  command('agents.update', {
    ...manage,
    isolation,
    rest: 'PUT /api/v1/agents/:id',
    aliases: ['PATCH /api/v1/agents/:id'],
    summary: "Change an agent's name, key or limits, or pause it",
    input: of.UpdateAgent,
    output: of.Agent,
    errors: [errors.not_found, errors.key_not_found, errors.key_taken],
    example: { id, paused: true },
    run: updateAgent,
  }),
]

export const operations = [
  query('agents.recommend', {
    rest: 'GET /api/v1/agents/recommendations',
    permission: 'agents:access',
    summary: 'Recommend products, each with its reason',
    description:
      'On sale and in stock: bought together with what is named, of the same category, bought often in ' +
      'the last 30 days, or new; with `search`, those that match. Costs are never told.',
    input: of.Recommend,
    output: of.Recommendations,
    errors: [cartErrors.not_found],
    example: { per_page: 10 },
    run: recommend,
  }),
  command('agents.add_item', {
    rest: 'POST /api/v1/agents/customers/:customer_id/carts/:cart_id/items',
    permission: 'agents:access',
    summary: "Put an item into a customer's cart",
    description:
      'An API key acts as the agent that it belongs to, within its limits; a person has none.',
    status: 201,
    isolation,
    input: of.AddAgentItem,
    output: Cart,
    errors: [
      errors.not_registered,
      errors.paused,
      errors.over_limit,
      cartErrors.not_found,
      cartErrors.not_open,
      cartErrors.unknown_product,
      cartErrors.no_price,
      cartErrors.too_many_lines,
      cartErrors.too_many_units,
      inventoryErrors.insufficient_stock,
      pricingErrors.too_large,
    ],
    example: { customer_id: id, cart_id: id, sku: 'MUG-BLUE', quantity: 1 },
    run: addAgentItem,
  }),
  ...identities,
]
