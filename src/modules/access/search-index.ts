import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { defineFullText, type TextDocument } from '#platform/database/full-text'
import { db } from './tables.ts'

/** The words by which users are found. Deleted ones are not in it. */
export const userSearch = defineFullText('user_search', { name: 'A', email: 'A' })

/** The keys that a search is narrowed by. */
export const roleKey = (role: string): string => `role=${role}`
export const statusKey = (status: string): string => `status=${status}`

type Searched = {
  number: number
  first_name: string
  last_name: string
  email: string
  status: string
}

/** What the index holds of a user with these roles. */
export const userDocument = (
  user: Searched,
  roles: readonly string[],
): TextDocument<'name' | 'email'> => ({
  number: user.number,
  keys: [statusKey(user.status), ...roles.map(roleKey).toSorted()],
  name: `${user.first_name} ${user.last_name}`,
  email: user.email,
})

/** Brings the index up to what is known of these users now. */
export async function indexUsers(ctx: Context, ids: readonly Id<'user'>[]): Promise<void> {
  if (ids.length === 0) return
  const { documents, gone } = await readDocuments(ctx, ids)
  if (gone.length > 0) await userSearch.remove(ctx, gone)
  await userSearch.put(ctx, documents)
}

/** What the index should hold of these users, and the numbers that it should not know. */
export async function readDocuments(ctx: Context, ids: readonly Id<'user'>[]) {
  const users = await db(ctx)
    .selectFrom('users')
    .select(['id', 'number', 'first_name', 'last_name', 'email', 'status'])
    .where('id', 'in', ids)
    .where('number', 'is not', null)
    .execute()
  const held = await db(ctx)
    .selectFrom('user_roles')
    .select(['user_id', 'role'])
    .where('user_id', 'in', ids)
    .execute()
  const rolesOf = Map.groupBy(held, ({ user_id }) => user_id)
  const known = users as (Searched & { id: Id<'user'> })[]
  return {
    gone: known.filter(({ status }) => status === 'deleted').map(({ number }) => number),
    documents: known
      .filter(({ status }) => status !== 'deleted')
      .map((user) =>
        userDocument(
          user,
          (rolesOf.get(user.id) ?? []).map(({ role }) => role),
        ),
      ),
  }
}
