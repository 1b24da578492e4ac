import { logIn } from '#modules/access'
import type { ProcessContext } from '#platform/processes'
import { customerErrors } from '../errors.ts'
import { findCustomer } from '../find.ts'
import type { LoggedIn, LogIn } from '../schemas.ts'

/** Logs a customer in; users who are no customers are unknown here. */
export async function logInCustomer(ctx: ProcessContext, input: LogIn): Promise<LoggedIn> {
  const { tokens, user } = await logIn(ctx, input, { customers_only: true })
  const { customer_id } = user
  const customer = customer_id ? await ctx.read((tx) => findCustomer(tx, customer_id)) : undefined
  if (!customer) throw customerErrors.not_a_customer()
  return { customer, tokens }
}
