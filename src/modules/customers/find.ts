import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { customerErrors } from './errors.ts'
import { db } from './tables.ts'

const byId = prepared(db, (open, p: { id: Id<'customer'> }) =>
  open.selectFrom('customers').selectAll().where('id', '=', p.id).where('status', '<>', 'Deleted'),
)

const byEmail = prepared(db, (open, p: { email: string }) =>
  open
    .selectFrom('customers')
    .selectAll()
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
  const { customer_id, own_only } = ctx.actor
  const maySee = customer_id === id || (!own_only && ctx.actor.may(permission))
  const customer = maySee ? await findCustomer(ctx, id) : undefined
  if (!customer) throw customerErrors.not_found({ customer_id: id })
  return customer
}
