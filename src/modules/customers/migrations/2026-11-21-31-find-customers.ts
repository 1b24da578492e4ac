import { type Kysely, sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'
import { customerDocument, customerSearch } from '../search-index.ts'

const CHUNK = 1_000

/** Numbers the customers, oldest first, and makes the index by which they are found. */
export const findCustomers: Migration = {
  async up(db, c) {
    await db.schema.alterTable('customers').addColumn('number', c.integer).execute()
    await sql`update customers set number = counted.nth
      from (select id, row_number() over (order by id) as nth from customers) as counted
      where counted.id = customers.id`.execute(db)
    await db.schema
      .createIndex('customers_by_number')
      .on('customers')
      .column('number')
      .unique()
      .execute()
    const { count } = await db
      .selectFrom('customers')
      .select(sql<number>`count(*)`.as('count'))
      .executeTakeFirstOrThrow()
    await createNumbers(db, c, 'customers', Number(count) + 1)
    await createFilterIndexes(db)
    await customerSearch.create(db, c, { personal: true })
    for (let after = 0; ; ) {
      const customers = await db
        .selectFrom('customers')
        .select(['id', 'number', 'first_name', 'last_name', 'email', 'phone', 'status'])
        .select('accepts_marketing')
        .where('number', '>', after)
        .orderBy('number')
        .limit(CHUNK)
        .execute()
      if (customers.length === 0) return
      after = customers.at(-1)?.number
      const living = customers.filter(({ status }) => status !== 'Deleted')
      await customerSearch.fill(db, c.engine, await withPlaces(db, living))
    }
  },
}

async function createFilterIndexes(db: Kysely<any>): Promise<void> {
  const index = (name: string, table: string) => db.schema.createIndex(name).on(table)
  await index('customers_by_creation', 'customers').columns(['created_at', 'id']).execute()
  await index('customers_by_marketing', 'customers').columns(['accepts_marketing', 'id']).execute()
  await index('customer_addresses_by_city', 'customer_addresses')
    .expression(sql`lower(city), customer_id`)
    .execute()
  await index('customer_addresses_by_country', 'customer_addresses')
    .columns(['country_code', 'customer_id'])
    .execute()
}

async function withPlaces(db: Kysely<any>, customers: any[]) {
  if (customers.length === 0) return []
  const places = await db
    .selectFrom('customer_addresses')
    .select(['customer_id', 'city', 'country_code'])
    .where(
      'customer_id',
      'in',
      customers.map(({ id }) => id),
    )
    .execute()
  const placesOf = Map.groupBy(places, ({ customer_id }) => customer_id)
  return customers.map((customer) => {
    const known = placesOf.get(customer.id) ?? []
    return customerDocument(customer, { places: known as never, groups: [] })
  })
}
