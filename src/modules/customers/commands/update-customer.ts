import { isOnlyCustomer, moveUserById, normalEmail, writeProfileById } from '#modules/access'
import type { Context } from '#platform/context'
import { isDuplicate } from '#platform/database/duplicates'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { appendConsent, sourceOf } from '../consents.ts'
import { customerErrors } from '../errors.ts'
import { customerEvents } from '../events.ts'
import { getCustomer, type StoredCustomer } from '../find.ts'
import { customerLifecycle } from '../lifecycle.ts'
import type { Customer, UpdateCustomer } from '../schemas.ts'
import { indexCustomers } from '../search-index.ts'
import { db } from '../tables.ts'

const MEMBERS = ['email', 'first_name', 'last_name', 'phone', 'accepts_marketing'] as const

/**
 * Changes what is known of a customer: oneself, or anyone with `customers:update`. Name and phone
 * of the login follow; the e-mail of a login is changed by its user, who proves the password.
 */
export async function updateCustomer(ctx: Context, input: UpdateCustomer): Promise<Customer> {
  const customer = await getCustomer(ctx, input.id, 'customers:update')
  requireVersion(ctx, customer.version)
  const email = input.email === undefined ? customer.email : normalEmail(input.email)
  if (email !== customer.email && customer.user_id) {
    throw customerErrors.email_is_login({ field: 'email' })
  }
  const fresh: StoredCustomer = { ...customer, version: customer.version + 1, updated_at: ctx.now }
  for (const member of MEMBERS) {
    if (input[member] !== undefined) Object.assign(fresh, { [member]: input[member] })
  }
  fresh.email = email
  if (input.status !== undefined) fresh.status = nextStatus(customer.status, input.status)
  await writeCustomer(ctx, fresh)
  await tellStatus(ctx, customer, fresh.status)
  if (fresh.accepts_marketing !== customer.accepts_marketing) {
    const said = { granted: fresh.accepts_marketing, source: sourceOf(ctx, customer.id) }
    await appendConsent(ctx, customer.id, { purpose: 'marketing_email', ...said })
  }
  const changed = MEMBERS.filter((member) => fresh[member] !== customer[member])
  if (changed.length > 0) emit(ctx, customerEvents.updated({ customer_id: customer.id, changed }))
  if (customer.user_id && changed.length > 0) {
    const { first_name, last_name, phone } = fresh
    await writeProfileById(ctx, customer.user_id, { first_name, last_name, phone })
  }
  return fresh
}

function nextStatus(from: StoredCustomer['status'], to: StoredCustomer['status']) {
  if (from !== to) customerLifecycle.moveTo(from, to)
  return to
}

/** Staff sets aside, locks or takes back. A login that is nothing but this customer follows. */
async function tellStatus(
  ctx: Context,
  { id: customer_id, status: from, user_id }: StoredCustomer,
  to: StoredCustomer['status'],
): Promise<void> {
  if (from === to) return
  emit(ctx, customerEvents.status_changed({ customer_id, from, to }))
  if (!user_id || !(await isOnlyCustomer(ctx, user_id))) return
  if (to === 'Suspended') await moveUserById(ctx, user_id, 'suspend')
  if (from === 'Suspended') await moveUserById(ctx, user_id, 'activate')
}

/**
 * Stores every column that may change, and what they are found by. Throws CUSTOMER_EMAIL_TAKEN
 * (400).
 */
export async function writeCustomer(ctx: Context, customer: StoredCustomer): Promise<void> {
  const { id, created_at: _, ...columns } = customer
  await db(ctx)
    .updateTable('customers')
    .set(columns)
    .where('id', '=', id)
    .execute()
    .catch((error) => {
      if (!isDuplicate(error, { index: 'customers_by_email', columns: 'customers.email' }))
        throw error
      throw customerErrors.email_taken({ field: 'email' })
    })
  await indexCustomers(ctx, [id])
}
