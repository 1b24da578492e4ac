import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eraseFromEvents } from '#platform/erasure'
import { accessChanges } from './actor-cache.ts'
import { db } from './tables.ts'

/** Somebody as this module may have known them: the ids they had, and their e-mail. */
export type Person = { ids: readonly string[]; email: string }

/** Parsed like any Argon2id hash, and the hash of nothing that anybody can type. */
const NO_PASSWORD = `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

/**
 * Takes everything personal out of the closed logins of a person: name, e-mail, phone, password,
 * names of keys, failed logins, and what old events told of them. Logins that are in use (of staff
 * who were customers too) stay as they are.
 */
export async function eraseLogins(ctx: Context, person: Person): Promise<void> {
  const ids = await closedLogins(ctx, person)
  await db(ctx).deleteFrom('login_attempts').where('email', '=', person.email).execute()
  if (ids.length === 0) return
  const keys = await db(ctx)
    .updateTable('api_keys')
    .set({ name: 'erased' })
    .where('user_id', 'in', ids)
    .returning('id')
    .execute()
  for (const id of ids) {
    await db(ctx)
      .updateTable('users')
      .set({ email: erasedEmail(id), first_name: 'Erased', last_name: 'user', phone: null })
      .set({ password_hash: NO_PASSWORD, updated_at: ctx.now })
      .where('id', '=', id)
      .execute()
    await accessChanges(ctx, `user:${id}`)
  }
  const entity_ids = [...ids, ...keys.map(({ id }) => id)]
  await eraseFromEvents(ctx, { entity_ids, members: PERSONAL })
}

/** Members of event payloads that told of a person before events left that out. */
export const PERSONAL: readonly string[] = ['email', 'first_name', 'last_name', 'phone', 'name']

/** The e-mail of who has none any more; of a domain that never will be one (RFC 2606). */
export const erasedEmail = (id: string): string => `erased-${id}@erased.invalid`

/** Every login that this person had or has: for what is kept about them. */
export async function loginsOf(ctx: Context, { ids, email }: Person) {
  const users = await db(ctx)
    .selectFrom('users')
    .select(['id', 'email', 'first_name', 'last_name', 'phone', 'status', 'last_login_at'])
    .select(['created_at', 'updated_at'])
    .where((eb) => eb.or([eb('id', 'in', ids as Id<'user'>[]), eb('email', '=', email)]))
    .execute()
  const known = users.map(({ id }) => id)
  if (known.length === 0) return { users, sessions: [], api_keys: [] }
  const sessions = await db(ctx)
    .selectFrom('sessions')
    .select(['id', 'user_id', 'created_at', 'refreshed_at', 'expires_at', 'revoked_at'])
    .where('user_id', 'in', known)
    .execute()
  const api_keys = await db(ctx)
    .selectFrom('api_keys')
    .select(['id', 'user_id', 'name', 'prefix', 'created_at', 'last_used_at', 'revoked_at'])
    .where('user_id', 'in', known)
    .execute()
  return { users, sessions, api_keys }
}

/** Closed logins of these ids, and those that were closed with this e-mail. */
async function closedLogins(ctx: Context, { ids, email }: Person): Promise<Id<'user'>[]> {
  const closed = await db(ctx)
    .selectFrom('users')
    .select('id')
    .where('status', '=', 'deleted')
    .where((eb) => eb.or([eb('id', 'in', ids as Id<'user'>[]), eb('email', '=', email)]))
    .execute()
  return closed.map(({ id }) => id)
}
