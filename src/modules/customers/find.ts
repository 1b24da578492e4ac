import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { customerErrors } from './errors.ts'
import { Customer } from './schemas.ts'
import { db } from './tables.ts'

/** All that is shown of a customer. */
export const CUSTOMER_COLUMNS = Object.keys(Customer.properties) as (keyof Customer)[]

const byId = prepared(db, (open, p: { id: Id<'customer'> }) =>
  open
    .selectFrom('customers')
    .select(CUSTOMER_COLUMNS)
    .where('id', '=', p.id)
    .where('status', '<>', 'Deleted'),
)

const byEmail = prepared(db, (open, p: { email: string }) =>
  open
    .selectFrom('customers')
    .select(CUSTOMER_COLUMNS)
    .where('email', '=', p.email)
    .where('status', '<>', 'Deleted'),
)

export type StoredCustomer = NonNullable<Awaited<ReturnType<typeof byId.first>>>

/** A customer who is not deleted: one prepared statement. Does not ask who asks. */
export const findCustomer = (
  ctx: Context,
  id: Id<'customer'>,
): Promise<StoredCustomer | undefined> => byId.first(ctx, { id })

/** A customer by the normal form of the e-mail. */
export const findCustomerByEmail = (ctx: Context, email: string) => byEmail.first(ctx, { email })

/**
 * A customer whom the caller may see: themselves, or anyone with `customers:read` (or the
 * permission given). Throws CUSTOMER_NOT_FOUND (404) for a foreign one as for none.
 */
export async function getCustomer(
  ctx: Context,
  id: Id<'customer'>,
  permission = 'customers:read',
): Promise<StoredCustomer> {
  const customer = mayReach(ctx, id, permission) ? await findCustomer(ctx, id) : undefined
  if (!customer) throw customerErrors.not_found({ customer_id: id })
  return customer
}

/** Whether the caller is this customer, or staff with the permission. */
export function mayReach(
  { actor }: Pick<Context, 'actor'>,
  id: Id<'customer'>,
  permission: string,
): boolean {
  return actor.customer_id === id || (!actor.own_only && actor.may(permission))
}

const anyById = prepared(db, (open, p: { id: Id<'customer'> }) =>
  open.selectFrom('customers').selectAll().where('id', '=', p.id),
)
export type AnyCustomer = NonNullable<Awaited<ReturnType<typeof anyById.first>>>

/** A customer by id, deleted and erased ones too, with all that is stored. */
export const findAnyCustomer = anyById.first
