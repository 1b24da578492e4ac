import { type Kysely, sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'
import { userDocument, userSearch } from '../search-index.ts'

const CHUNK = 1_000

/** Numbers the users, oldest first, and makes the index by which they are found. */
export const findUsers: Migration = {
  async up(db, c) {
    await db.schema.alterTable('users').addColumn('number', c.integer).execute()
    await sql`update users set number = counted.nth
      from (select id, row_number() over (order by id) as nth from users) as counted
      where counted.id = users.id`.execute(db)
    await db.schema.createIndex('users_by_number').on('users').column('number').unique().execute()
    const { count } = await db
      .selectFrom('users')
      .select(sql<number>`count(*)`.as('count'))
      .executeTakeFirstOrThrow()
    await createNumbers(db, c, 'users', Number(count) + 1)
    await userSearch.create(db, c, { personal: true })
    for (let after = 0; ; ) {
      const users = await db
        .selectFrom('users')
        .select(['id', 'number', 'first_name', 'last_name', 'email', 'status'])
        .where('number', '>', after)
        .orderBy('number')
        .limit(CHUNK)
        .execute()
      if (users.length === 0) return
      after = users.at(-1)?.number
      const living = users.filter(({ status }) => status !== 'deleted')
      await userSearch.fill(db, c.engine, await withRoles(db, living))
    }
  },
}

async function withRoles(db: Kysely<any>, users: any[]) {
  if (users.length === 0) return []
  const held = await db
    .selectFrom('user_roles')
    .select(['user_id', 'role'])
    .where(
      'user_id',
      'in',
      users.map(({ id }) => id),
    )
    .execute()
  const rolesOf = Map.groupBy(held, ({ user_id }) => user_id)
  return users.map((user) =>
    userDocument(
      user,
      (rolesOf.get(user.id) ?? []).map(({ role }) => role),
    ),
  )
}
