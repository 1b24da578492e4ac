import { command, Nothing, query } from '#platform/operations'
import { inventoryErrors as errors } from '../errors.ts'
import { previewRouting } from './preview.ts'
import { createRule, deleteRule, getRule, listRules, updateRule } from './rules.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const routingOperations = [
  query('inventory.list_routing_rules', {
    rest: 'GET /api/v1/inventory/routing-rules',
    permission: 'inventory:read',
    summary: 'List the rules by which locations are chosen',
    description: 'In the order in which they are asked. Without any: priority, fewest splits.',
    input: of.ListRules,
    output: of.Rules,
    example: {},
    run: listRules,
  }),
  query('inventory.get_routing_rule', {
    rest: 'GET /api/v1/inventory/routing-rules/:id',
    permission: 'inventory:read',
    summary: 'Read a routing rule',
    input: of.GetRule,
    output: of.RoutingRule,
    errors: [errors.rule_not_found],
    example: { id: EXAMPLE_ID },
    run: getRule,
  }),
  command('inventory.create_routing_rule', {
    rest: 'POST /api/v1/inventory/routing-rules',
    permission: 'inventory:adjust',
    summary: 'Add a rule by which locations are chosen',
    description:
      'The first rule that tells two choices apart decides. `country` and `region` narrow a rule ' +
      'to destinations. It counts for what is promised from now on.',
    status: 201,
    input: of.CreateRule,
    output: of.RoutingRule,
    errors: [errors.location_not_found, errors.too_many_rules],
    example: { kind: 'preferred_location', location_id: 'MAIN', country: 'US' },
    run: createRule,
  }),
  command('inventory.update_routing_rule', {
    rest: 'PUT /api/v1/inventory/routing-rules/:id',
    permission: 'inventory:adjust',
    summary: 'Move, narrow or pause a routing rule',
    input: of.UpdateRule,
    output: of.RoutingRule,
    errors: [errors.rule_not_found, errors.location_not_found],
    example: { id: EXAMPLE_ID, position: 5, is_paused: true },
    run: updateRule,
  }),
  command('inventory.delete_routing_rule', {
    rest: 'DELETE /api/v1/inventory/routing-rules/:id',
    permission: 'inventory:adjust',
    summary: 'Take a routing rule away',
    status: 204,
    input: of.GetRule,
    output: Nothing,
    errors: [errors.rule_not_found],
    example: { id: EXAMPLE_ID },
    run: deleteRule,
  }),
  query('inventory.preview_routing', {
    rest: 'POST /api/v1/inventory/routing-rules/preview',
    permission: 'inventory:read',
    summary: 'Ask where units would come from',
    description: 'With the reason for each location; nothing is promised.',
    input: of.PreviewRouting,
    output: of.RoutingPreview,
    errors: [errors.item_not_found, errors.location_not_found],
    example: {
      items: [{ item_number: 'MUG-BLUE', quantity: 3 }],
      destination: { country: 'US', region: 'ME' },
    },
    run: previewRouting,
  }),
]
