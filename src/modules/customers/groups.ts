import { type Id, isUuid } from '#kit/ids'
import type { Page, PageQuery } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { customerErrors } from './errors.ts'
import { CUSTOMER_COLUMNS } from './find.ts'
import type { CustomerGroup, GroupMember, ListMembers } from './group-schemas.ts'
import { db } from './tables.ts'

/** The group of this id or code. Throws CUSTOMER_GROUP_NOT_FOUND (404). */
export async function getGroup(
  ctx: Context,
  { id: group }: { id: string },
): Promise<CustomerGroup> {
  const key = group.toLowerCase()
  const found = await db(ctx)
    .selectFrom('customer_groups')
    .selectAll()
    .where(isUuid(key) ? 'id' : 'code', '=', key as never)
    .executeTakeFirst()
  if (!found) throw customerErrors.group_not_found({ group })
  return found
}

const groupsOf = prepared(db, (open, p: { customer_id: Id<'customer'> }) =>
  open
    .selectFrom('customer_group_members as member')
    .innerJoin('customer_groups as in_group', 'in_group.id', 'member.group_id')
    .select(['in_group.id', 'in_group.code', 'in_group.name', 'member.added_at'])
    .where('member.customer_id', '=', p.customer_id)
    .orderBy('in_group.code'),
)

/** The groups that a customer is in, by code: one prepared statement. Does not ask who asks. */
export const groupsOfCustomer = (ctx: Context, customer_id: Id<'customer'>) =>
  groupsOf(ctx, { customer_id })

/** Groups, newest first. */
export async function listGroups(ctx: Context, input: PageQuery): Promise<Page<CustomerGroup>> {
  const rows = db(ctx).selectFrom('customer_groups').selectAll()
  return pageById(ctx, input, { name: 'customer_groups', rows, tell: (groups) => groups })
}

/** The customers of a group, newest customer first. */
export async function listMembers(
  ctx: Context,
  { id, ...input }: ListMembers,
): Promise<Page<GroupMember>> {
  const group = await getGroup(ctx, { id })
  return pageById(ctx, input, {
    name: 'customer_group_members',
    rows: db(ctx)
      .selectFrom('customer_group_members')
      .innerJoin('customers', 'customers.id', 'customer_group_members.customer_id')
      .where('group_id', '=', group.id)
      .select(CUSTOMER_COLUMNS.map((column) => `customers.${column}` as const))
      .select('added_at'),
    id: 'customer_group_members.customer_id',
    tell: (rows) => rows.map(({ added_at, ...customer }) => ({ customer, added_at })),
  })
}
