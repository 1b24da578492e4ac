import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { modules } from '#modules'
import type { Database } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'
import { createDatabase, onEveryEngine, openDatabaseAt, openHouse } from '#testing'

/** What a shop of the first release had: access and customers of that day. */
const FIRST = /^2026-11-21-0[1-3]-/
const first = modules.map(({ migrations }) =>
  Object.fromEntries(Object.entries(migrations).filter(([name]) => FIRST.test(name))),
)

const id = (nth: number) => `01937b5e-9c00-7a3b-8f11-00000000000${nth}`
const AT = '2026-01-01T00:00:00.000Z'

async function fill(database: Database): Promise<void> {
  const person = (nth: number, name: string, status: string) =>
    sql`(${id(nth)}, ${`${name.toLowerCase()}@example.com`}, ${name}, 'Old', ${status}, 1, ${AT}, ${AT}`
  await database.write(async ({ kysely }) => {
    const hash = '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA'
    await sql`insert into users
        (id, email, first_name, last_name, status, version, created_at, updated_at, password_hash, customer_id)
      values ${person(1, 'Ada', 'active')}, ${hash}, ${id(1)}),
        ${person(2, 'Gone', 'deleted')}, ${hash}, null)`.execute(kysely)
    await sql`insert into user_roles (user_id, role, granted_at)
      values (${id(1)}, 'customer', ${AT})`.execute(kysely)
    await sql`insert into customers
        (id, email, first_name, last_name, status, version, created_at, updated_at, accepts_marketing, user_id)
      values ${person(1, 'Ada', 'Active')}, true, ${id(1)}),
        ${person(2, 'Gone', 'Deleted')}, false, null), ${person(3, 'Eve', 'Active')}, false, null)`.execute(
      kysely,
    )
    await sql`insert into customer_addresses (id, customer_id, first_name, last_name, address_line_1, city,
        province, country_code, postal_code, is_default_shipping, is_default_billing, created_at, updated_at)
      values (${id(4)}, ${id(3)}, 'Eve', 'Old', 'x', 'Paris', 'x', 'FR', 'no code', true, true, ${AT}, ${AT})`.execute(
      kysely,
    )
  })
}

onEveryEngine('a shop of the first release', (engine) => {
  it('keeps its users and customers, and finds them by the new ways', async () => {
    const { url, drop } = await createDatabase(engine)
    const database = openDatabaseAt(engine, url)
    await migrate(database, first)
    await fill(database)
    await database.close()
    const house = await openHouse(engine, { at: url })
    const ids = async (route: string) => {
      const { data } = await house.ask(route)
      return data.items.map((row: { id: string }) => row.id)
    }
    assert.deepEqual(await ids('GET /api/v1/customers?search=old'), [id(3), id(1)])
    assert.deepEqual(await ids('GET /api/v1/customers?search=old&city=paris'), [id(3)])
    assert.deepEqual(await ids('GET /api/v1/users?search=old&role=customer'), [id(1)])
    const { data } = await house.ask(`GET /api/v1/customers/${id(1)}/consents/current`)
    assert.deepEqual(data, [
      {
        purpose: 'marketing_email',
        granted: true,
        source: 'before',
        text_version: null,
        recorded_at: AT,
      },
    ])
    const path = `/api/v1/customers/${id(3)}/addresses/${id(4)}`
    const kept = await house.ask(`PUT ${path}`, { is_default_billing: true })
    assert.deepEqual([kept.status, kept.data.postal_code], [200, 'no code'])
    const touched = await house.ask(`PUT ${path}`, { city: 'Lyon' })
    assert.deepEqual([touched.status, touched.error.details.field], [400, 'postal_code'])
    const fresh = { first_name: 'New', last_name: 'Old', email: 'new@example.com' }
    const made = await house.ask('POST /api/v1/customers', fresh)
    assert.deepEqual(await ids('GET /api/v1/customers?search=old'), [made.data.id, id(3), id(1)])
    assert.deepEqual(await house.violations(), [])
    await house.close()
    await drop()
  })
})
