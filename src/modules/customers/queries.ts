import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { afterId, type Page, type PageQuery, pageOf, pageStart } from '#kit/pages'
import { normalEmail } from '#modules/access'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { customerErrors } from './errors.ts'
import { getCustomer } from './find.ts'
import type { Address, Customer, ListCustomers } from './schemas.ts'
import { db } from './tables.ts'

/** The customer that the caller is. Throws CUSTOMER_NOT_FOUND (404) if they are none. */
export function selfOf(ctx: Pick<Context, 'actor'>): Id<'customer'> {
  const { customer_id } = ctx.actor
  if (!customer_id) throw customerErrors.not_a_customer()
  return customer_id
}

const CUSTOMERS_SORT = 'customers'

/** Customers, newest first; each filter narrows. Deleted ones only when asked for by status. */
export async function listCustomers(ctx: Context, input: ListCustomers): Promise<Page<Customer>> {
  const start = pageStart(input, CUSTOMERS_SORT)
  const found = filtered(ctx, input)
  const after = afterId<'customer'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
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

function filtered(ctx: Context, input: ListCustomers) {
  const { search, status, email, city, country_code } = input
  let found = db(ctx).selectFrom('customers')
  found = status ? found.where('status', '=', status) : found.where('status', '<>', 'Deleted')
  if (email) found = found.where('email', '=', normalEmail(email))
  if (search) {
    const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    const name = sql`first_name || ' ' || last_name`
    const text = sql`lower(${name} || ' ' || email || ' ' || coalesce(phone, ''))`
    found = found.where(sql<boolean>`${text} like ${pattern} escape '\\'`)
  }
  if (city === undefined && country_code === undefined) return found
  return found.where((eb) => {
    let there = eb
      .selectFrom('customer_addresses as address')
      .select('address.id')
      .whereRef('address.customer_id', '=', 'customers.id')
    if (city) there = there.where(sql`lower(address.city)`, '=', city.toLowerCase())
    if (country_code) there = there.where('address.country_code', '=', country_code.toUpperCase())
    return eb.exists(there)
  })
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
