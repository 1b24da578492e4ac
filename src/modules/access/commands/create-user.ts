import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { accessErrors } from '../errors.ts'
import { userEvents } from '../events.ts'
import type { StoredUser } from '../queries.ts'
import { normalEmail } from '../schemas.ts'
import { userDocument, userSearch } from '../search-index.ts'
import { db } from '../tables.ts'
import { giveRoles } from '../user-roles.ts'

export type NewUser = {
  /** The id to take; a new one unless given. */
  id?: Id<'user'>
  email: string
  first_name: string
  last_name: string
  phone?: string | null
  /** Made by `hashPassword`, outside of the transaction. */
  password_hash: string
  roles: readonly string[]
  customer_id?: Id<'customer'>
}

const insertUser = prepared(db, (open, p: StoredUser, engine) =>
  open
    .insertInto('users')
    .values({
      id: p.id,
      number: nextNumber(engine, 'users'),
      email: p.email,
      first_name: p.first_name,
      last_name: p.last_name,
      phone: p.phone,
      password_hash: p.password_hash,
      status: 'active',
      customer_id: p.customer_id,
      last_login_at: null,
      version: 1,
      created_at: p.created_at,
      updated_at: p.created_at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('number'),
)

/**
 * Makes a user with roles. Who may give which roles is for the caller to have checked. Throws
 * USER_EMAIL_TAKEN (409); the unique index decides.
 */
export async function createUser(ctx: Context, input: NewUser): Promise<StoredUser> {
  const user: StoredUser = {
    id: input.id ?? ctx.newId('user'),
    email: normalEmail(input.email),
    first_name: input.first_name,
    last_name: input.last_name,
    phone: input.phone ?? null,
    password_hash: input.password_hash,
    status: 'active',
    customer_id: input.customer_id ?? null,
    last_login_at: null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const inserted = await insertUser.first(ctx, user)
  if (!inserted) throw accessErrors.email_taken({ field: 'email' })
  await giveRoles(ctx, user.id, input.roles)
  const document = userDocument({ ...user, number: inserted.number as number }, input.roles)
  await userSearch.fill(db(ctx), ctx.session.engine, [document])
  emit(ctx, userEvents.created({ user_id: user.id, roles: [...input.roles] }))
  return user
}
