import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { customerErrors } from '../errors.ts'
import { customerGroupEvents } from '../events.ts'
import type { AddMembers, RemoveMember } from '../group-schemas.ts'
import { getGroup } from '../groups.ts'
import { orTryAgain } from '../races.ts'
import { indexCustomers } from '../search-index.ts'
import { db } from '../tables.ts'

const ONCE = {
  index: 'customer_group_members_pkey',
  columns: 'customer_group_members.group_id, customer_group_members.customer_id',
}
const insertMembers = insertRows(db, 'customer_group_members')

export type Added = { added: number }

/** Puts customers into a group; those who are in it already stay. All or nobody. */
export async function addMembers(ctx: Context, { id, customer_ids }: AddMembers): Promise<Added> {
  const group = await getGroup(ctx, { id })
  await requireCustomers(ctx, customer_ids)
  const known = await db(ctx)
    .selectFrom('customer_group_members')
    .select('customer_id')
    .where('group_id', '=', group.id)
    .where('customer_id', 'in', customer_ids)
    .execute()
  const inside = new Set(known.map(({ customer_id }) => customer_id))
  const fresh = customer_ids.filter((customer_id) => !inside.has(customer_id))
  if (fresh.length === 0) return { added: 0 }
  const rows = fresh.map((customer_id) => ({ group_id: group.id, customer_id, added_at: ctx.now }))
  await orTryAgain(insertMembers(ctx, { rows }), ONCE)
  await indexCustomers(ctx, fresh)
  emit(ctx, customerGroupEvents.members_added({ group_id: group.id, customer_ids: fresh }))
  return { added: fresh.length }
}

async function requireCustomers(ctx: Context, ids: readonly Id<'customer'>[]): Promise<void> {
  const found = await db(ctx)
    .selectFrom('customers')
    .select('id')
    .where('id', 'in', ids)
    .where('status', '<>', 'Deleted')
    .execute()
  const known = new Set(found.map(({ id }) => id))
  const missing = ids.find((id) => !known.has(id))
  if (missing) throw customerErrors.not_found({ customer_id: missing })
}

/** Takes a customer out of a group; one who is not in it is fine. */
export async function removeMember(ctx: Context, { id, customer_id }: RemoveMember): Promise<void> {
  const group = await getGroup(ctx, { id })
  const { numDeletedRows } = await db(ctx)
    .deleteFrom('customer_group_members')
    .where('group_id', '=', group.id)
    .where('customer_id', '=', customer_id)
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) return
  await indexCustomers(ctx, [customer_id])
  emit(ctx, customerGroupEvents.member_removed({ group_id: group.id, customer_id }))
}
