import { checkRolesToGive, createUser, normalEmail, type User, wireUser } from '#modules/access'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField, requestErrors } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { checkAddress } from '../address-check.ts'
import { countryCode } from '../countries.ts'
import { customerEvents } from '../events.ts'
import { findCustomerByEmail } from '../find.ts'
import { postalAddress } from '../postal-address.ts'
import type { NewAddress, RegisterUser } from '../schemas.ts'
import { indexCustomers } from '../search-index.ts'
import { db } from '../tables.ts'
import { storeAddress } from './add-address.ts'
import { createCustomerWithLogin, hashNewPassword, type Registration } from './register-customer.ts'

/**
 * Makes a user and the customer they are. Anyone may register as a customer; whoever holds
 * `users:create` and `roles:assign` may give other roles (of which `customer` alone makes a
 * customer) and give a login to a customer whom staff entered before.
 */
export async function registerUser(ctx: ProcessContext, input: RegisterUser): Promise<User> {
  const { roles = ['customer'] } = input
  const address = addressOf(input)
  if (input.roles) await ctx.read((tx) => checkMayGive(tx, roles))
  const isOnlyCustomer = roles.every((role) => role === 'customer')
  const password_hash = await hashNewPassword(ctx, input, isOnlyCustomer)
  return ctx.transaction(async (tx) => {
    if (input.roles) await checkMayGive(tx, roles)
    // Named one by one: a request may carry members that are not ours, such as an id.
    const { email, first_name, last_name, phone = null, accepts_marketing = false } = input
    const person = { email, first_name, last_name, phone, accepts_marketing }
    const made = { ...person, roles, password_hash }
    const user = roles.includes('customer')
      ? await createBoth(tx, made)
      : await createUser(tx, made)
    const { customer_id: id } = user
    if (address && id) await storeAddress(tx, id, address)
    return wireUser(tx, user)
  })
}

async function checkMayGive(ctx: Context, roles: readonly string[]): Promise<void> {
  for (const permission of ['users:create', 'roles:assign']) {
    if (!ctx.actor.may(permission)) throw requestErrors.forbidden({ permission })
  }
  await checkRolesToGive(ctx, roles)
}

type Made = Registration & { roles: readonly string[] }

/** A customer whom staff entered before gets this login only from staff. */
async function createBoth(ctx: Context, made: Made) {
  const known = await findCustomerByEmail(ctx, normalEmail(made.email))
  if (!known || known.user_id || !ctx.actor.may('users:create')) {
    return (await createCustomerWithLogin(ctx, made)).user
  }
  const user = await createUser(ctx, { ...made, customer_id: known.id })
  const { first_name, last_name, phone } = user
  await db(ctx)
    .updateTable('customers')
    .set({ user_id: user.id, first_name, last_name, phone })
    .set({ version: known.version + 1, updated_at: ctx.now })
    .where('id', '=', known.id)
    .execute()
  await indexCustomers(ctx, [known.id])
  emit(ctx, customerEvents.updated({ customer_id: known.id, changed: ['user_id'] }))
  return user
}

const PARTS = ['address_line1', 'city', 'state', 'postal_code', 'country'] as const

/** The address of that published client in our words; undefined if none was sent. */
function addressOf(input: RegisterUser): NewAddress | undefined {
  const missing = PARTS.filter((part) => input[part] === undefined)
  if (missing.length === PARTS.length) return undefined
  const [first] = missing
  if (first) throw invalidField(first, 'is required with the rest of an address')
  const { address_line1, city, state, postal_code, country } = input as Required<RegisterUser>
  const country_code = countryCode(country)
  if (!country_code)
    throw invalidField('country', 'must be a country, by two letters or in English')
  const address = {
    first_name: input.first_name,
    last_name: input.last_name,
    address_line_1: address_line1,
    address_line_2: input.address_line2 ?? null,
    city,
    province: state,
    country_code,
    postal_code,
    phone: input.phone ?? null,
  }
  checkAddress(postalAddress(address), NAMES)
  return address
}

/** What that client calls the parts. */
const NAMES = { address_line_1: 'address_line1', province: 'state', country_code: 'country' }
