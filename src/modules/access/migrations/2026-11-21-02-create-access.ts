import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

/** When the built-in roles were made: with the first release. */
const RELEASED_AT = '2026-11-21T00:00:00.000Z'

export const createAccess: Migration = {
  async up(db, c) {
    await createUsers(db, c)
    await createRoles(db, c)
    await createCredentials(db, c)
    await createSecondFactor(db, c)
  },
}

async function createUsers(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('email', c.text, (col) => col.notNull())
    .addColumn('first_name', c.text, (col) => col.notNull())
    .addColumn('last_name', c.text, (col) => col.notNull())
    .addColumn('phone', c.text)
    .addColumn('password_hash', c.text, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('customer_id', c.id, (col) => col.unique())
    .addColumn('last_login_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addCheckConstraint('user_status', sql`status in ('active', 'suspended', 'deleted')`)
    .addCheckConstraint('user_email_is_lower_case', sql`email = lower(email)`)
    .execute()
  await db.schema
    .createIndex('users_by_email')
    .on('users')
    .column('email')
    .unique()
    .where(sql.ref('status'), '<>', sql`'deleted'`)
    .execute()
}

async function createRoles(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('roles')
    .addColumn('name', c.text, (col) => col.notNull().primaryKey())
    .addColumn('description', c.text, (col) => col.notNull())
    .addColumn('permissions', c.json, (col) => col.notNull())
    .addColumn('built_in', c.boolean, (col) => col.notNull())
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .execute()
  for (const name of ['admin', 'manager', 'staff', 'customer']) {
    await sql`insert into roles
      (name, description, permissions, built_in, version, created_at, updated_at) values (${name}, '', '[]', true, 1, ${RELEASED_AT}, ${RELEASED_AT})`.execute(
      db,
    )
  }
  await db.schema
    .createTable('user_roles')
    .addColumn('user_id', c.id, (col) => col.notNull().references('users.id'))
    .addColumn('role', c.text, (col) => col.notNull().references('roles.name'))
    .addColumn('granted_at', c.instant, (col) => col.notNull())
    .addPrimaryKeyConstraint('user_roles_pkey', ['user_id', 'role'])
    .execute()
  await db.schema
    .createIndex('user_roles_by_role')
    .on('user_roles')
    .columns(['role', 'user_id'])
    .execute()
}

async function createCredentials(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('user_id', c.id, (col) => col.notNull().references('users.id'))
    .addColumn('rotation', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('refreshed_at', c.instant, (col) => col.notNull())
    .addColumn('expires_at', c.instant, (col) => col.notNull())
    .addColumn('revoked_at', c.instant)
    .addColumn('revoked_because', c.text)
    .addCheckConstraint(
      'session_is_revoked_with_a_reason',
      sql`(revoked_at is null) = (revoked_because is null)`,
    )
    .execute()
  await db.schema
    .createIndex('sessions_by_user')
    .on('sessions')
    .columns(['user_id', 'id'])
    .execute()
  await db.schema.createIndex('sessions_by_expiry').on('sessions').column('expires_at').execute()

  await db.schema
    .createTable('api_keys')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('user_id', c.id, (col) => col.notNull().references('users.id'))
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('prefix', c.text, (col) => col.notNull())
    .addColumn('key_hash', c.text, (col) => col.notNull().unique())
    .addColumn('permissions', c.json, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('expires_at', c.instant)
    .addColumn('last_used_at', c.instant)
    .addColumn('revoked_at', c.instant)
    .execute()
  await db.schema
    .createIndex('api_keys_by_user')
    .on('api_keys')
    .columns(['user_id', 'id'])
    .execute()

  await db.schema
    .createTable('login_attempts')
    .addColumn('email', c.text, (col) => col.notNull().primaryKey())
    .addColumn('attempts', c.integer, (col) => col.notNull())
    .addColumn('window_started_at', c.instant, (col) => col.notNull())
    .addColumn('lock_ends_at', c.instant, (col) => col.notNull())
    .execute()
  await db.schema
    .createIndex('login_attempts_by_age')
    .on('login_attempts')
    .column('window_started_at')
    .execute()
}

async function createSecondFactor(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('totp_secrets')
    .addColumn('user_id', c.id, (col) => col.notNull().primaryKey().references('users.id'))
    .addColumn('secret', c.text, (col) => col.notNull())
    .addColumn('last_step', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('confirmed_at', c.instant)
    .execute()
  await db.schema
    .createTable('recovery_codes')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('user_id', c.id, (col) => col.notNull().references('users.id'))
    .addColumn('code_hash', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('used_at', c.instant)
    .execute()
  await db.schema
    .createIndex('recovery_codes_by_user')
    .on('recovery_codes')
    .columns(['user_id', 'code_hash'])
    .execute()
}
