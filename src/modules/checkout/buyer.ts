import type { Id } from '#kit/ids'
import { createCustomer, findCustomerByEmail } from '#modules/customers'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { checkoutErrors } from './errors.ts'
import type { SessionRow } from './tables.ts'

/**
 * Whose order it will be: the cart's customer, whoever is signed in, or the customer with the
 * e-mail that a guest gave, who is made if there is none yet.
 */
export async function buyerOf(ctx: Context, session: SessionRow): Promise<Id<'customer'>> {
  const { customer_id, email } = session
  const known = customer_id ?? (ctx.actor.own_only ? ctx.actor.customer_id : null)
  if (known) return known
  if (email === null) {
    throw checkoutErrors.step_missing({ step: 'CustomerInfo', problem: 'nobody said who buys' })
  }
  const { shipping_address, billing_address, subscribe_newsletter } = session
  const person = billing_address ?? shipping_address
  const { first_name, last_name } = person ?? { first_name: 'Guest', last_name: 'Guest' }
  const phone = person?.phone ?? null
  return customerOf(ctx, {
    email,
    first_name,
    last_name,
    phone,
    accepts_marketing: subscribe_newsletter,
  })
}

type Guest = {
  email: string
  first_name: string
  last_name: string
  phone: string | null
  accepts_marketing: boolean
}

/** The customer with this e-mail, who is made if there is none yet. */
export async function customerOf(ctx: Context, customer: Guest): Promise<Id<'customer'>> {
  const { email } = customer
  const found = await findCustomerByEmail(ctx, email)
  if (found) return found.id
  try {
    return (await createCustomer(ctx, customer)).id
  } catch (error) {
    // Another order of the same guest made them a moment ago: now they will be found.
    if (await findCustomerByEmail(ctx, email)) throw new TryAgain('the customer was made meanwhile')
    throw error
  }
}
