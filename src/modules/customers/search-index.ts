import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { defineFullText, type TextDocument } from '#platform/database/full-text'
import { db } from './tables.ts'

/** The words by which staff finds customers. Deleted ones are not in it. */
export const customerSearch = defineFullText('customer_search', {
  name: 'A',
  email: 'A',
  phone: 'B',
})

export type CustomerDocument = TextDocument<'name' | 'email' | 'phone'>

/** The keys that a search is narrowed by. */
export const searchKeys = {
  status: (status: string) => `status=${status}`,
  marketing: (accepts: boolean) => `marketing=${accepts}`,
  group: (id: string) => `group=${id}`,
  city: (city: string) => `city=${city.toLowerCase()}`,
  country: (code: string) => `country=${code}`,
}

type Searched = {
  number: number
  first_name: string
  last_name: string
  email: string
  phone: string | null
  status: string
  accepts_marketing: boolean
}
type Place = { city: string; country_code: string }

/** What the index holds of a customer with these addresses and groups. */
export function customerDocument(
  customer: Searched,
  { places, groups }: { places: readonly Place[]; groups: readonly string[] },
): CustomerDocument {
  const phone = customer.phone ?? ''
  const keys = [
    searchKeys.status(customer.status),
    searchKeys.marketing(customer.accepts_marketing),
    ...groups.map(searchKeys.group),
    ...places.map(({ city }) => searchKeys.city(city)),
    ...places.map(({ country_code }) => searchKeys.country(country_code)),
  ]
  return {
    number: customer.number,
    keys: [...new Set(keys)].toSorted(),
    name: `${customer.first_name} ${customer.last_name}`,
    email: customer.email,
    // As it is written and as it is dialled.
    phone: `${phone} ${phone.replace(/\D/g, '')}`,
  }
}

/** Brings the index up to what is known of these customers now. */
export async function indexCustomers(ctx: Context, ids: readonly Id<'customer'>[]): Promise<void> {
  if (ids.length === 0) return
  const { documents, gone } = await readDocuments(ctx, ids)
  if (gone.length > 0) await customerSearch.remove(ctx, gone)
  await customerSearch.put(ctx, documents)
}

/** What the index should hold of these customers, and the numbers that it should not know. */
export async function readDocuments(
  ctx: Context,
  ids: readonly Id<'customer'>[],
): Promise<{ documents: CustomerDocument[]; gone: number[] }> {
  const customers = await db(ctx)
    .selectFrom('customers')
    .select(['id', 'number', 'first_name', 'last_name', 'email', 'phone', 'status'])
    .select('accepts_marketing')
    .where('id', 'in', ids)
    .where('number', 'is not', null)
    .execute()
  const places = await db(ctx)
    .selectFrom('customer_addresses')
    .select(['customer_id', 'city', 'country_code'])
    .where('customer_id', 'in', ids)
    .execute()
  const groups = await db(ctx)
    .selectFrom('customer_group_members')
    .select(['customer_id', 'group_id'])
    .where('customer_id', 'in', ids)
    .execute()
  const placesOf = Map.groupBy(places, ({ customer_id }) => customer_id)
  const groupsOf = Map.groupBy(groups, ({ customer_id }) => customer_id)
  const known = customers as (Searched & { id: Id<'customer'> })[]
  const isGone = ({ status }: Searched) => status === 'Deleted'
  return {
    gone: known.filter(isGone).map(({ number }) => number),
    documents: known
      .filter((customer) => !isGone(customer))
      .map((customer) =>
        customerDocument(customer, {
          places: placesOf.get(customer.id) ?? [],
          groups: (groupsOf.get(customer.id) ?? []).map(({ group_id }) => group_id),
        }),
      ),
  }
}
