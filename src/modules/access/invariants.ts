import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'
import { readDocuments, userSearch } from './search-index.ts'
import { db } from './tables.ts'

export const accessInvariants = defineInvariants('access', {
  'an active administrator remains once there was a user who is one': (ctx) =>
    db(ctx)
      .selectFrom('user_roles as held')
      .select('held.role')
      .distinct()
      .where('held.role', '=', 'admin')
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('user_roles')
              .innerJoin('users', 'users.id', 'user_roles.user_id')
              .select('users.id')
              .where('user_roles.role', '=', 'admin')
              .where('users.status', '=', 'active'),
          ),
        ),
      )
      .execute(),

  'who is not active has no open session': (ctx) =>
    db(ctx)
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(['sessions.id', 'users.status'])
      .where('users.status', '<>', 'active')
      .where('sessions.revoked_at', 'is', null)
      .execute(),

  'a deleted user has no role, no key, no second factor and is no customer': (ctx) =>
    db(ctx)
      .selectFrom('users')
      .select('id')
      .where('status', '=', 'deleted')
      .where((eb) =>
        eb.or([
          eb('customer_id', 'is not', null),
          eb.exists(
            eb.selectFrom('user_roles').select('role').whereRef('user_id', '=', 'users.id'),
          ),
          eb.exists(
            eb.selectFrom('totp_secrets').select('secret').whereRef('user_id', '=', 'users.id'),
          ),
          eb.exists(
            eb
              .selectFrom('api_keys')
              .select('name')
              .whereRef('user_id', '=', 'users.id')
              .where('revoked_at', 'is', null),
          ),
        ]),
      )
      .execute(),

  'recovery codes belong to a second factor that is on': (ctx) =>
    db(ctx)
      .selectFrom('recovery_codes')
      .leftJoin('totp_secrets', 'totp_secrets.user_id', 'recovery_codes.user_id')
      .select('recovery_codes.id')
      .where('totp_secrets.confirmed_at', 'is', null)
      .execute(),

  'the search index holds every user who is not deleted, and nobody else': async (ctx) => {
    const wrong: object[] = []
    let living = 0
    for (let after: Id<'user'> | undefined; ; ) {
      const ids = await someUsers(ctx, after)
      if (ids.length === 0) break
      after = ids.at(-1)
      const { documents } = await readDocuments(ctx, ids)
      living += documents.length
      for (const number of await userSearch.disagreements(ctx, documents)) wrong.push({ number })
    }
    const indexed = await userSearch.count(ctx)
    return indexed === living ? wrong : [...wrong, { living, indexed }]
  },

  'passwords are stored as Argon2id': (ctx) =>
    db(ctx)
      .selectFrom('users')
      .select('id')
      .where(sql<boolean>`password_hash not like '$argon2id$v=19$%'`)
      .execute(),
})

const AT_ONCE = 500

async function someUsers(ctx: Context, after: Id<'user'> | undefined): Promise<Id<'user'>[]> {
  let users = db(ctx).selectFrom('users').select('id').orderBy('id').limit(AT_ONCE)
  if (after) users = users.where('id', '>', after)
  return (await users.execute()).map(({ id }) => id)
}
