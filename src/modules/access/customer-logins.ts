import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { accessChanges } from './actor-cache.ts'
import { type Profile, writeProfile } from './commands/update-user.ts'
import { findUser } from './queries.ts'
import { indexUsers } from './search-index.ts'
import { rolesOfUser } from './sessions.ts'
import { db } from './tables.ts'

// What the customers module, which stands above, does to logins. Who may is checked there.

/** Whether a user is a customer and nothing else. */
export async function isOnlyCustomer(ctx: Context, user_id: Id<'user'>): Promise<boolean> {
  const roles = await rolesOfUser(ctx, { user_id })
  return roles.every(({ name }) => name === 'customer')
}

/** Makes a user the login of a customer. */
export async function linkCustomer(
  ctx: Context,
  user_id: Id<'user'>,
  customer_id: Id<'customer'>,
): Promise<void> {
  await db(ctx).updateTable('users').set({ customer_id }).where('id', '=', user_id).execute()
  await accessChanges(ctx, `user:${user_id}`)
}

/** The user stays, but is no customer any more. */
export async function unlinkCustomer(ctx: Context, user_id: Id<'user'>): Promise<void> {
  await db(ctx).updateTable('users').set({ customer_id: null }).where('id', '=', user_id).execute()
  await db(ctx)
    .deleteFrom('user_roles')
    .where('user_id', '=', user_id)
    .where('role', '=', 'customer')
    .execute()
  await indexUsers(ctx, [user_id])
  await accessChanges(ctx, `user:${user_id}`)
}

/** What is known of the person behind a login, for their customer. */
export async function profileOf(ctx: Context, id: Id<'user'>) {
  const user = await findUser.first(ctx, { id })
  if (!user) return undefined
  const { email, first_name, last_name, phone } = user
  return { email, first_name, last_name, phone }
}

/** Writes name and phone of a user whom the caller knows by id only. */
export async function writeProfileById(
  ctx: Context,
  id: Id<'user'>,
  profile: Omit<Profile, 'email'>,
): Promise<void> {
  const user = await findUser.first(ctx, { id })
  if (!user) return
  await writeProfile(ctx, user, profile)
  await indexUsers(ctx, [id])
}

/** Every user who is a customer, for the invariant that both sides name each other. */
export const customerLinks = (ctx: Context) =>
  db(ctx)
    .selectFrom('users')
    .select(['id', 'customer_id', 'email'])
    .where('customer_id', 'is not', null)
    .where('status', '<>', 'deleted')
    .execute()
