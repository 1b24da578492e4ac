import { customerLinks } from '#modules/access'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

export const customerInvariants = defineInvariants('customers', {
  'a customer and their login name each other and have one e-mail': async (ctx) => {
    const customers = await db(ctx)
      .selectFrom('customers')
      .select(['id', 'user_id', 'email'])
      .where('user_id', 'is not', null)
      .execute()
    const logins = new Map((await customerLinks(ctx)).map((login) => [login.id as string, login]))
    const alone = customers.filter(({ id, user_id, email }) => {
      const login = logins.get(user_id as string)
      logins.delete(user_id as string)
      return login?.customer_id !== id || login.email !== email
    })
    return [...alone, ...logins.values()]
  },

  'who is deleted has no login and no address': (ctx) =>
    db(ctx)
      .selectFrom('customers')
      .leftJoin('customer_addresses', 'customer_addresses.customer_id', 'customers.id')
      .select(['customers.id', 'customers.user_id', 'customer_addresses.id as address_id'])
      .where('customers.status', '=', 'Deleted')
      .where((eb) =>
        eb.or([
          eb('customers.user_id', 'is not', null),
          eb('customer_addresses.id', 'is not', null),
        ]),
      )
      .execute(),

  'a customer has one default address for a use': (ctx) =>
    db(ctx)
      .selectFrom('customer_addresses as one')
      .innerJoin('customer_addresses as other', 'other.customer_id', 'one.customer_id')
      .select(['one.customer_id', 'one.id', 'other.id as other_id'])
      .whereRef('one.id', '<', 'other.id')
      .where((eb) =>
        eb.or([
          eb.and([
            eb('one.is_default_shipping', '=', true),
            eb('other.is_default_shipping', '=', true),
          ]),
          eb.and([
            eb('one.is_default_billing', '=', true),
            eb('other.is_default_billing', '=', true),
          ]),
        ]),
      )
      .execute(),
})
