import type { Id } from '#kit/ids'
import { isOnlyCustomer, moveUserById, unlinkCustomer } from '#modules/access'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { customerEvents } from '../events.ts'
import { getCustomer, type StoredCustomer } from '../find.ts'
import { customerLifecycle } from '../lifecycle.ts'
import { db } from '../tables.ts'
import { writeCustomer } from './update-customer.ts'

/**
 * Takes a customer out of the shop: oneself, or anyone with `customers:delete`. Addresses are
 * deleted and the login is closed (or, if it is more than this customer, no longer one). The row
 * remains for its orders.
 */
export async function deleteCustomer(ctx: Context, { id }: { id: Id<'customer'> }): Promise<void> {
  const customer = await getCustomer(ctx, id, 'customers:delete')
  requireVersion(ctx, customer.version)
  await closeFully(ctx, customer)
}

/** The same without asking who asks: the customer and the login that is nothing but this one. */
export async function closeFully(ctx: Context, customer: StoredCustomer): Promise<void> {
  await closeCustomer(ctx, customer)
  const { user_id } = customer
  if (!user_id) return
  const isOnly = await isOnlyCustomer(ctx, user_id)
  await unlinkCustomer(ctx, user_id)
  if (isOnly) await moveUserById(ctx, user_id, 'delete')
}

/** What is left of a customer for their orders: a row without login and addresses. */
export async function closeCustomer(ctx: Context, customer: StoredCustomer): Promise<void> {
  const { id: customer_id } = customer
  await writeCustomer(ctx, {
    ...customer,
    status: customerLifecycle.next(customer.status, 'delete'),
    user_id: null,
    version: customer.version + 1,
    updated_at: ctx.now,
  })
  await db(ctx).deleteFrom('customer_addresses').where('customer_id', '=', customer_id).execute()
  await db(ctx)
    .updateTable('wishlists')
    .set({ share_token: null })
    .where('customer_id', '=', customer_id)
    .where('share_token', 'is not', null)
    .execute()
  emit(ctx, customerEvents.deleted({ customer_id }))
}
