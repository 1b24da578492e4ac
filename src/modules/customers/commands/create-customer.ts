import type { Id } from '#kit/ids'
import { normalEmail } from '#modules/access'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { appendConsent, sourceOf } from '../consents.ts'
import { customerErrors } from '../errors.ts'
import { customerEvents } from '../events.ts'
import type { CreateCustomer, Customer } from '../schemas.ts'
import { customerDocument, customerSearch } from '../search-index.ts'
import { db } from '../tables.ts'

const insertCustomer = prepared(db, (open, p: Customer, engine) =>
  open
    .insertInto('customers')
    .values({
      id: p.id,
      number: nextNumber(engine, 'customers'),
      email: p.email,
      first_name: p.first_name,
      last_name: p.last_name,
      phone: p.phone,
      accepts_marketing: p.accepts_marketing,
      status: p.status,
      user_id: p.user_id,
      version: p.version,
      created_at: p.created_at,
      updated_at: p.updated_at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('number'),
)

/**
 * Makes a customer, with a login if `login` names one, which then must exist. Throws
 * CUSTOMER_EMAIL_TAKEN (400); the unique index decides.
 */
export async function createCustomer(
  ctx: Context,
  input: CreateCustomer,
  login?: { id: Id<'customer'>; user_id: Id<'user'> },
): Promise<Customer> {
  const customer: Customer = {
    id: login?.id ?? ctx.newId('customer'),
    email: normalEmail(input.email),
    first_name: input.first_name,
    last_name: input.last_name,
    phone: input.phone ?? null,
    accepts_marketing: input.accepts_marketing ?? false,
    status: 'Active',
    user_id: login?.user_id ?? null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const inserted = await insertCustomer.first(ctx, customer)
  if (!inserted) throw customerErrors.email_taken({ field: 'email' })
  const searched = { ...customer, number: inserted.number as number }
  const document = customerDocument(searched, { places: [], groups: [] })
  await customerSearch.fill(db(ctx), ctx.session.engine, [document])
  emit(ctx, customerEvents.created({ customer_id: customer.id }))
  if (customer.accepts_marketing) {
    const source = login ? 'registration' : sourceOf(ctx, customer.id)
    await appendConsent(ctx, customer.id, { purpose: 'marketing_email', granted: true, source })
  }
  return customer
}
