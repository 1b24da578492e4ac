import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { accessErrors, checkPassword, createUser, hashPassword, normalEmail } from '#modules/access'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { customerErrors } from '../errors.ts'
import { findCustomerByEmail } from '../find.ts'
import type { Customer, RegisterCustomer } from '../schemas.ts'
import { createCustomer } from './create-customer.ts'

/** Makes a customer who can log in. The hash is computed before the transaction. */
export async function registerCustomer(
  ctx: ProcessContext,
  input: RegisterCustomer,
): Promise<Customer> {
  const password_hash = await hashNewPassword(ctx, input, true)
  try {
    return await ctx.transaction(async (tx) => {
      const { customer } = await createCustomerWithLogin(tx, { ...input, password_hash })
      return customer
    })
  } catch (error) {
    // The documented refusal, whichever of the two tables knows the e-mail.
    if (!(error instanceof DomainError)) throw error
    if (error.code !== accessErrors.email_taken.spec.code) throw error
    throw customerErrors.email_taken({ field: 'email' })
  }
}

/** Refuses what is too weak, then hashes it. `own_only`: of someone who will buy and no more. */
export async function hashNewPassword(
  ctx: ProcessContext,
  input: { email: string; password: string },
  own_only: boolean,
): Promise<string> {
  checkPassword(input.password, { email: normalEmail(input.email), own_only })
  return hashPassword(input.password, ctx.settings)
}

export type Registration = Omit<RegisterCustomer, 'password'> & {
  password_hash: string
  roles?: readonly string[]
}

/**
 * A user and a customer with one id. An e-mail that staff entered before is refused: whoever
 * registers has not proven that it is theirs, and its orders are not theirs to see. Throws
 * USER_EMAIL_TAKEN (409).
 */
export async function createCustomerWithLogin(
  ctx: Context,
  { roles = ['customer'], password_hash, ...input }: Registration,
) {
  if (await findCustomerByEmail(ctx, normalEmail(input.email))) {
    throw accessErrors.email_taken({ field: 'email' })
  }
  const id = ctx.newId('customer')
  const user_id = id as string as Id<'user'>
  const { email, first_name, last_name, phone = null } = input
  const login = { id: user_id, customer_id: id, roles, password_hash }
  const user = await createUser(ctx, { email, first_name, last_name, phone, ...login })
  return { user, customer: await createCustomer(ctx, input, { id, user_id }) }
}
