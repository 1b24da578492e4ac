import { type RawBuilder, sql } from 'kysely'
import type { Id } from '#kit/ids'
import { afterId, type Page, type PageQuery, pageOf, pageStart } from '#kit/pages'
import { toInstant } from '#kit/schemas'
import { normalEmail } from '#modules/access'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { customerErrors } from './errors.ts'
import { CUSTOMER_COLUMNS, getCustomer } from './find.ts'
import { getGroup } from './groups.ts'
import type { Address, Customer, ListCustomers } from './schemas.ts'
import { customerSearch, searchKeys } from './search-index.ts'
import { db } from './tables.ts'

/** The customer that the caller is. Throws CUSTOMER_NOT_FOUND (404) if they are none. */
export function selfOf(ctx: Pick<Context, 'actor'>): Id<'customer'> {
  const { customer_id } = ctx.actor
  if (!customer_id) throw customerErrors.not_a_customer()
  return customer_id
}

const CUSTOMERS_SORT = 'customers'

/**
 * Customers, newest first; each filter narrows. A search reaches the newest thousand that match.
 * Deleted ones only when asked for by status, and not by words.
 */
export async function listCustomers(ctx: Context, input: ListCustomers): Promise<Page<Customer>> {
  const start = pageStart(input, CUSTOMERS_SORT)
  const { group, ...filters } = input
  const group_id = group === undefined ? undefined : (await getGroup(ctx, { id: group })).id
  const found = filtered(ctx, { ...filters, group_id })
  const after = afterId<'customer'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .select(CUSTOMER_COLUMNS)
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  const total = await countUpTo(ctx, found)
  return pageOf({
    start,
    sort: CUSTOMERS_SORT,
    rows,
    key: ({ id }) => [id],
    item: (row) => row,
    total,
  })
}

type Narrowed = Omit<ListCustomers, 'group'> & { group_id?: Id<'customer_group'> | undefined }

function filtered(ctx: Context, input: Narrowed) {
  const { status, group_id, email, accepts_marketing, from, to, city, country_code } = input
  let found = db(ctx).selectFrom('customers')
  found = status ? found.where('status', '=', status) : found.where('status', '<>', 'Deleted')
  if (email) found = found.where('email', '=', normalEmail(email))
  if (accepts_marketing !== undefined) {
    found = found.where('accepts_marketing', '=', accepts_marketing)
  }
  if (from !== undefined) found = found.where('created_at', '>=', toInstant(from))
  if (to !== undefined) found = found.where('created_at', '<=', toInstant(to))
  if (group_id) {
    found = found.where('id', 'in', (eb) =>
      eb
        .selectFrom('customer_group_members')
        .select('customer_id')
        .where('group_id', '=', group_id),
    )
  }
  if (city !== undefined || country_code !== undefined) {
    found = found.where(
      'id',
      'in',
      customersAt({ city, country_code: country_code?.toUpperCase() }),
    )
  }
  if (input.search === undefined) return found
  const { engine } = ctx.session
  const query = customerSearch.query(engine, input.search, keysOf(input))
  if (!query) return found.where(sql<boolean>`1 = 0`)
  const matches = customerSearch.matches(engine, query)
  return found.where(sql<boolean>`number in (select number from ${matches} as m)`)
}

/** A search looks at the newest thousand matches only, so the filters narrow it in the index. */
function keysOf({ status, group_id, accepts_marketing, city, country_code }: Narrowed): string[] {
  return [
    status && searchKeys.status(status),
    group_id && searchKeys.group(group_id),
    accepts_marketing !== undefined && searchKeys.marketing(accepts_marketing),
    city && searchKeys.city(city),
    country_code && searchKeys.country(country_code.toUpperCase()),
  ].filter((key) => typeof key === 'string')
}

type Place = { city?: string | undefined; country_code?: string | undefined }

/** The ids of customers with one address there, for `where … in`. The city in any case. */
export function customersAt({ city, country_code }: Place): RawBuilder<Id<'customer'>> {
  const parts = [
    ...(city === undefined ? [] : [sql`lower(city) = ${city.toLowerCase()}`]),
    ...(country_code === undefined ? [] : [sql`country_code = ${country_code}`]),
  ]
  return sql`(select customer_id from customer_addresses where ${sql.join(parts, sql` and `)})`
}

const ADDRESSES_SORT = 'addresses'

/** A customer's addresses, oldest first. */
export async function listAddresses(
  ctx: Context,
  { id: customer_id, ...input }: PageQuery & { id: Id<'customer'> },
): Promise<Page<Address>> {
  await getCustomer(ctx, customer_id)
  const start = pageStart(input, ADDRESSES_SORT)
  const found = db(ctx).selectFrom('customer_addresses').where('customer_id', '=', customer_id)
  const after = afterId<'address'>(start)
  const from = after ? found.where('id', '>', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id')
    .limit(start.limit + 1)
    .execute()
  const total = await countUpTo(ctx, found)
  return pageOf({
    start,
    sort: ADDRESSES_SORT,
    rows,
    key: ({ id }) => [id],
    item: wireAddress,
    total,
  })
}

/** The wire form of a stored address. */
export const wireAddress = (row: Omit<Address, 'name'>): Address => ({
  ...row,
  name: `${row.first_name} ${row.last_name}`,
})
