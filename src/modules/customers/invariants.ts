import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { customerLinks } from '#modules/access'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'
import { customerSearch, readDocuments } from './search-index.ts'
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

  'the search index holds every customer who is not deleted, and nobody else': async (ctx) => {
    const wrong: object[] = []
    let living = 0
    for (let after: Id<'customer'> | undefined; ; ) {
      const ids = await someCustomers(ctx, after)
      if (ids.length === 0) break
      after = ids.at(-1)
      const { documents } = await readDocuments(ctx, ids)
      living += documents.length
      for (const number of await customerSearch.disagreements(ctx, documents)) {
        wrong.push({ number })
      }
    }
    const indexed = await customerSearch.count(ctx)
    return indexed === living ? wrong : [...wrong, { living, indexed }]
  },

  'whether a customer accepts marketing is what the newest consent to it says': (ctx) =>
    db(ctx)
      .selectFrom('customers')
      .select(['id', 'accepts_marketing'])
      .where(
        sql<boolean>`accepts_marketing <> coalesce((select said.granted
          from customer_consents as said where said.customer_id = customers.id
            and said.purpose = 'marketing_email' order by said.number desc limit 1), false)`,
      )
      .execute(),

  'the consents of a customer are numbered from 1 without a hole': (ctx) =>
    db(ctx)
      .selectFrom('customer_consents')
      .select((eb) => ['customer_id', eb.fn.max('number').as('highest')])
      .groupBy('customer_id')
      .having(sql<boolean>`max(number) <> count(*) or min(number) <> 1`)
      .execute(),

  'who is erased keeps nothing personal': (ctx) =>
    db(ctx)
      .selectFrom('customers')
      .select('id')
      .where('erased_at', 'is not', null)
      .where((eb) =>
        eb.or([
          eb('email', '<>', sql<string>`'erased-' || id || '@erased.invalid'`),
          eb('phone', 'is not', null),
          eb('accepts_marketing', '=', true),
          eb.exists(
            eb.selectFrom('wishlists').select('name').whereRef('customer_id', '=', 'customers.id'),
          ),
          eb.exists(
            eb
              .selectFrom('customer_notes as note')
              .select('note.id')
              .whereRef('note.customer_id', '=', 'customers.id'),
          ),
          eb.exists(
            eb
              .selectFrom('customer_consents as said')
              .select('said.id')
              .whereRef('said.customer_id', '=', 'customers.id')
              .where('said.ip', 'is not', null),
          ),
        ]),
      )
      .execute(),

  'a wishlist of a deleted customer is not shared': (ctx) =>
    db(ctx)
      .selectFrom('wishlists')
      .innerJoin('customers', 'customers.id', 'wishlists.customer_id')
      .select('wishlists.id')
      .where('customers.status', '=', 'Deleted')
      .where('wishlists.share_token', 'is not', null)
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

const AT_ONCE = 500

async function someCustomers(
  ctx: Context,
  after: Id<'customer'> | undefined,
): Promise<Id<'customer'>[]> {
  let customers = db(ctx).selectFrom('customers').select('id').orderBy('id').limit(AT_ONCE)
  if (after) customers = customers.where('id', '>', after)
  return (await customers.execute()).map(({ id }) => id)
}
