import type { Context } from '#platform/context'
import { isDuplicate } from '#platform/database/duplicates'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { customerErrors } from '../errors.ts'
import { customerGroupEvents } from '../events.ts'
import type { CreateGroup, CustomerGroup, UpdateGroup } from '../group-schemas.ts'
import { getGroup } from '../groups.ts'
import { indexCustomers } from '../search-index.ts'
import { db } from '../tables.ts'

/** Makes a group. Throws CUSTOMER_GROUP_EXISTS (409); the unique code decides. */
export async function createGroup(ctx: Context, input: CreateGroup): Promise<CustomerGroup> {
  const group: CustomerGroup = {
    id: ctx.newId('customer_group'),
    code: input.code.toLowerCase(),
    name: input.name,
    description: input.description ?? null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('customer_groups')
    .values(group)
    .onConflict((conflict) => conflict.column('code').doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw customerErrors.group_exists({ group: group.code })
  emit(ctx, customerGroupEvents.created({ group_id: group.id, code: group.code }))
  return group
}

/** Changes a group; what is not named stays. */
export async function updateGroup(ctx: Context, input: UpdateGroup): Promise<CustomerGroup> {
  const group = await getGroup(ctx, input)
  requireVersion(ctx, group.version)
  const change = {
    code: input.code?.toLowerCase() ?? group.code,
    name: input.name ?? group.name,
    description: input.description === undefined ? group.description : input.description,
    version: group.version + 1,
    updated_at: ctx.now,
  }
  await db(ctx)
    .updateTable('customer_groups')
    .set(change)
    .where('id', '=', group.id)
    .execute()
    .catch((error) => {
      const known = { index: 'customer_groups_code_key', columns: 'customer_groups.code' }
      if (!isDuplicate(error, known)) throw error
      throw customerErrors.group_exists({ group: change.code })
    })
  emit(ctx, customerGroupEvents.updated({ group_id: group.id, code: change.code }))
  return { ...group, ...change }
}

const AT_ONCE = 500

/** Deletes a group; whoever was in it is a customer as before. */
export async function deleteGroup(ctx: Context, input: { id: string }): Promise<void> {
  const group = await getGroup(ctx, input)
  requireVersion(ctx, group.version)
  for (;;) {
    const members = await db(ctx)
      .selectFrom('customer_group_members')
      .select('customer_id')
      .where('group_id', '=', group.id)
      .limit(AT_ONCE)
      .execute()
    if (members.length === 0) break
    const ids = members.map(({ customer_id }) => customer_id)
    await db(ctx)
      .deleteFrom('customer_group_members')
      .where('group_id', '=', group.id)
      .where('customer_id', 'in', ids)
      .execute()
    await indexCustomers(ctx, ids)
  }
  await db(ctx).deleteFrom('customer_groups').where('id', '=', group.id).execute()
  emit(ctx, customerGroupEvents.deleted({ group_id: group.id, code: group.code }))
}
