import { Type } from 'typebox'
import { PageOf } from '#kit/pages'
import { command, Nothing, query, requestErrors } from '#platform/operations'
import { createGroup, deleteGroup, updateGroup } from './commands/change-group.ts'
import { addMembers, removeMember } from './commands/change-members.ts'
import { customerErrors } from './errors.ts'
import {
  AddMembers,
  ByGroup,
  CreateGroup,
  CustomerGroup,
  GroupMember,
  ListGroups,
  ListMembers,
  RemoveMember,
  UpdateGroup,
} from './group-schemas.ts'
import { getGroup, listGroups, listMembers } from './groups.ts'

const id = 'wholesale'
const customer_id = '019aa5c0-0000-7000-8000-000000000001'

/** Groups of customers, which prices, promotions and mailings may speak of. */
export const groupOperations = [
  query('customers.list_groups', {
    rest: 'GET /api/v1/customer-groups',
    permission: 'customers:read',
    summary: 'List customer groups',
    input: ListGroups,
    output: PageOf(CustomerGroup),
    example: { limit: 20 },
    run: listGroups,
  }),
  command('customers.create_group', {
    rest: 'POST /api/v1/customer-groups',
    permission: 'customers:create',
    status: 201,
    summary: 'Make a customer group',
    input: CreateGroup,
    output: CustomerGroup,
    errors: [customerErrors.group_exists],
    example: { code: 'wholesale', name: 'Wholesale buyers' },
    run: createGroup,
  }),
  query('customers.get_group', {
    rest: 'GET /api/v1/customer-groups/:id',
    permission: 'customers:read',
    summary: 'Read a customer group',
    input: ByGroup,
    output: CustomerGroup,
    errors: [customerErrors.group_not_found],
    example: { id },
    run: getGroup,
  }),
  command('customers.update_group', {
    rest: 'PUT /api/v1/customer-groups/:id',
    permission: 'customers:update',
    summary: 'Change a customer group',
    input: UpdateGroup,
    output: CustomerGroup,
    errors: [
      customerErrors.group_not_found,
      customerErrors.group_exists,
      requestErrors.version_changed,
    ],
    example: { id, name: 'Trade customers' },
    run: updateGroup,
  }),
  command('customers.delete_group', {
    rest: 'DELETE /api/v1/customer-groups/:id',
    permission: 'customers:delete',
    status: 204,
    summary: 'Delete a customer group',
    description: 'Its members remain customers.',
    input: ByGroup,
    output: Nothing,
    errors: [customerErrors.group_not_found, requestErrors.version_changed],
    example: { id },
    run: async (ctx, input) => void (await deleteGroup(ctx, input)),
  }),
  query('customers.list_group_members', {
    rest: 'GET /api/v1/customer-groups/:id/members',
    permission: 'customers:read',
    summary: 'List the customers of a group',
    input: ListMembers,
    output: PageOf(GroupMember),
    errors: [customerErrors.group_not_found],
    example: { id, limit: 20 },
    run: listMembers,
  }),
  command('customers.add_group_members', {
    rest: 'POST /api/v1/customer-groups/:id/members',
    permission: 'customers:update',
    summary: 'Put customers into a group',
    description: 'All of them or none. Whoever is in it already stays.',
    input: AddMembers,
    output: Type.Object({ added: Type.Integer() }),
    errors: [customerErrors.group_not_found, customerErrors.not_found],
    example: { id, customer_ids: [customer_id] },
    run: addMembers,
  }),
  command('customers.remove_group_member', {
    rest: 'DELETE /api/v1/customer-groups/:id/members/:customer_id',
    permission: 'customers:update',
    status: 204,
    summary: 'Take a customer out of a group',
    input: RemoveMember,
    output: Nothing,
    errors: [customerErrors.group_not_found],
    example: { id, customer_id },
    run: async (ctx, input) => void (await removeMember(ctx, input)),
  }),
]
