import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { sql } from 'kysely'
import { modules } from '#modules'
import { type House, onEveryEngine, someoneWho } from '#testing'
import { ADDRESS, PASSWORD, type Shop, shareShop } from './buyers.ts'

/** One person's own words, by which a scan of the whole database knows them. */
function newPerson(nth: number) {
  const tag = `quack${'abcdefghij'[nth]}${randomUUID().slice(0, 4)}`
  const PERSON = {
    first_name: `Wilhelmina${tag}`,
    last_name: 'Quackenbush',
    phone: `+44 20 7946 ${1000 + nth}`,
  }
  const HOME = {
    ...ADDRESS,
    ...PERSON,
    company: `${tag} Engines`,
    address_line_1: `77 ${tag} Crescent`,
    city: `${tag}town`,
  }
  const STREET = {
    name: `Wilhelmina ${tag}`,
    street: HOME.address_line_1,
    city: HOME.city,
    state: 'Greater London',
    postal_code: 'SW1Y 4JH',
    country: 'GB',
  }
  const ip = `203.0.113.${100 + nth}`
  const needles = new RegExp(`${tag}|7946 ?${1000 + nth}|203\\.0\\.113\\.${100 + nth}`, 'i')
  return { tag, PERSON, HOME, STREET, ip, needles }
}

type Told = { readonly house: House; readonly shop: Shop }

let people = 0

/** Someone who left traces wherever one can. */
async function newTraces({ house, shop }: Told) {
  const { tag, PERSON, HOME, STREET, ip, needles } = newPerson(people++)
  const variant = await shop.newVariant(`TRACE-${randomUUID().slice(0, 8)}`)
  const email = `${tag}@quackenbush.example`
  const key = () => ({ 'idempotency-key': randomUUID() })
  const body = { ...PERSON, email, password: PASSWORD, accepts_marketing: true }
  const register = { ...key() }
  const made = await shop.ask('POST /api/v1/customers/register', body, register)
  assert.equal(made.status, 201, JSON.stringify(made.error))
  const { id } = made.data
  const { data } = await shop.logIn(email)
  const headers = { authorization: `Bearer ${data.tokens.access_token}` }
  const me = (route: string, sent?: unknown) => {
    const [method, path = ''] = route.split(' ')
    const keyed = method === 'GET' ? headers : { ...headers, ...key() }
    return shop.ask(`${method} /api/v1/customers/me${path}`, sent, keyed)
  }
  await me('POST /addresses', HOME)
  await me('PUT ', { first_name: PERSON.first_name })
  await shop.ask('PUT /api/v1/users/me', { phone: `${PERSON.phone} #2` }, { ...headers, ...key() })
  const list = await me('POST /wishlists', { name: `${tag} birthday` })
  await me(`POST /wishlists/${list.data.id}/items`, { variant_id: variant, note: `${tag} whisper` })
  await me(`POST /wishlists/${list.data.id}/share`)
  await me('POST /consents', { purpose: 'terms', granted: true, ip })
  const staff = { headers: key() }
  const note = { text: `${tag} called` }
  await house.ask(`POST /api/v1/customers/${id}/notes`, note, staff)
  const group = { code: `g-${randomUUID().slice(0, 8)}`, name: 'Group' }
  await house.ask('POST /api/v1/customer-groups', group)
  await house.ask(`POST /api/v1/customer-groups/${group.code}/members`, { customer_ids: [id] })
  await shop.ask('POST /auth/login', { email, password: 'a wrong guess' })
  const order = {
    customer_id: id,
    items: [{ product_id: variant, quantity: 2 }],
    shipping_address: STREET,
    billing_address: STREET,
    notes: `Ring at ${tag}`,
  }
  const placed = await house.ask('POST /api/v1/orders', order, { headers: key() })
  assert.equal(placed.status, 201, JSON.stringify(placed.error))
  return {
    id: id as string,
    tag,
    HOME,
    needles,
    email,
    headers,
    me,
    variant,
    order: placed.data,
    register,
    body,
  }
}

/** Every row of every table, and of what full-text indexes keep, in which a needle is found. */
async function traces(house: House, needles: RegExp): Promise<string[]> {
  const declared = modules.flatMap((module) => Object.keys(module.tables))
  const indexes = ['customer_search', 'user_search']
  const isSqlite = house.database.engine === 'sqlite'
  const names = [
    ...declared,
    ...indexes.flatMap((name) => (isSqlite ? [`${name}_content`, `${name}_data`] : [name])),
  ]
  return house.database.read(async ({ kysely }) => {
    const found: string[] = []
    for (const name of names) {
      const { rows } = await sql<object>`select * from ${sql.table(name)}`.execute(kysely)
      for (const row of rows) {
        const text = Object.values(row)
          .map((value) =>
            ArrayBuffer.isView(value) ? Buffer.from(value.buffer).toString('latin1') : value,
          )
          .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
          .join(' | ')
        if (needles.test(text)) found.push(`${name}: ${text.slice(0, 200)}`)
      }
    }
    return found
  })
}

/** How often it was said that this customer is erased. */
async function erasures(house: House, id: string): Promise<number> {
  const { rows } = await house.database.read(({ kysely }) =>
    sql<object>`select id from events where name = 'customer.erased' and entity_id = ${id}`.execute(
      kysely,
    ),
  )
  return rows.length
}

/** Waits until no job is left to do. */
async function jobsDone(house: House): Promise<void> {
  const now = new Date().toISOString()
  for (let tries = 0; tries < 200; tries++) {
    const { rows } = await house.database.read(({ kysely }) =>
      sql<{
        open: number
      }>`select count(*) as open from jobs where status = 'running' or (status <> 'done' and run_at <= ${now})`.execute(
        kysely,
      ),
    )
    if (Number(rows[0]?.open) === 0) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('jobs are still waiting')
}

onEveryEngine('personal data', (engine) => {
  const told = shareShop(engine, { background: true })

  it('is exported whole, to the person and to staff', async () => {
    const { house } = told
    const person = await newTraces(told)
    const { status, data } = await person.me('GET /export')
    assert.equal(status, 200)
    assert.equal(data.customer.email, person.email)
    assert.equal(data.logins.users[0].email, person.email)
    assert.ok(data.logins.sessions.length >= 1)
    assert.equal(data.addresses[0].city, `${person.tag}town`)
    assert.equal(data.groups.length, 1)
    assert.deepEqual(
      data.consents.map(({ purpose }: { purpose: string }) => purpose),
      ['marketing_email', 'terms'],
    )
    assert.equal(data.notes[0].text, `${person.tag} called`)
    assert.equal(data.wishlists[0].items[0].note, `${person.tag} whisper`)
    assert.equal(data.others.orders[0].shipping_address.street, `77 ${person.tag} Crescent`)
    assert.equal(data.others.orders[0].total_amount, '18.00')
    assert.doesNotMatch(JSON.stringify(data), /argon2|password_hash|key_hash/)
    const route = `GET /api/v1/customers/${person.id}/export`
    const staff = await house.ask(route, undefined, { as: someoneWho('customers:read') })
    assert.deepEqual({ ...staff.data, exported_at: '' }, { ...data, exported_at: '' })
    const eve = await told.shop.newBuyer()
    assert.equal((await told.shop.ask(route, undefined, eve.headers)).status, 404)
    assert.equal((await house.ask(route, undefined, { as: someoneWho('x:y') })).status, 404)
  })

  it('is gone from every table when it is erased, and the books remain', async () => {
    const { house, shop } = told
    const person = await newTraces(told)
    assert.ok((await traces(house, person.needles)).length > 10)
    const path = `/api/v1/customers/${person.id}/erase`
    const { status, data } = await house.ask(`POST ${path}`)
    assert.equal(status, 200, JSON.stringify(data))
    assert.equal(data.customer_id, person.id)
    await jobsDone(house)
    assert.deepEqual(await traces(house, person.needles), [])
    assert.equal((await shop.ask('GET /api/v1/users/me', undefined, person.headers)).status, 401)
    assert.equal((await shop.logIn(person.email)).status, 401)
    const order = await house.ask(`GET /api/v1/orders/${person.order.id}`)
    const { total_amount, customer_id, shipping_address, items } = order.data
    assert.deepEqual(
      [
        total_amount,
        customer_id,
        shipping_address.name,
        shipping_address.country,
        items[0].quantity,
      ],
      ['18.00', person.id, 'Erased', 'GB', 2],
    )
    const again = await house.ask(`POST ${path}`)
    assert.deepEqual(again.data, data)
    assert.equal(await erasures(house, person.id), 1)
    const replayed = await shop.ask('POST /api/v1/customers/register', person.body, person.register)
    assert.deepEqual([replayed.status, replayed.error.code], [410, 'ANSWER_ERASED'])
    const anew = await shop.ask('POST /api/v1/customers/register', person.body)
    assert.equal(anew.status, 201)
    await house.ask(`POST /api/v1/customers/${anew.data.id}/erase`)
    const rest = await house.ask(`GET /api/v1/customers/${person.id}/export`)
    assert.doesNotMatch(JSON.stringify(rest.data), person.needles)
    assert.equal(rest.data.customer.erased_at, data.erased_at)
    assert.deepEqual(await house.violations(), [])
  })

  it('of who was deleted before is erased too', async () => {
    const { house } = told
    for (const route of ['customers', 'users']) {
      const person = await newTraces(told)
      assert.equal((await house.ask(`DELETE /api/v1/${route}/${person.id}`)).status, 204)
      assert.equal((await house.ask(`POST /api/v1/customers/${person.id}/erase`)).status, 200)
      await jobsDone(house)
      assert.deepEqual(await traces(house, person.needles), [])
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('is erased by the person with the password, and by nobody else', async () => {
    const { house, shop } = told
    const person = await newTraces(told)
    const route = `POST /api/v1/customers/${person.id}/erase`
    const eve = await shop.newBuyer()
    const sent = { current_password: PASSWORD }
    assert.equal((await shop.ask(route, sent, eve.headers)).status, 404)
    const reader = { as: someoneWho('customers:update', 'customers:read') }
    assert.equal((await house.ask(route, sent, reader)).status, 404)
    const bare = await shop.ask(route, {}, person.headers)
    assert.deepEqual([bare.status, bare.error.details.field], [400, 'current_password'])
    const wrong = await shop.ask(route, { current_password: 'a guess' }, person.headers)
    assert.deepEqual([wrong.status, wrong.error.code], [403, 'PASSWORD_WRONG'])
    assert.equal((await person.me('GET ')).status, 200)
    assert.equal((await person.me('POST /erase', sent)).status, 200)
    assert.equal((await person.me('GET ')).status, 401)
    await jobsDone(house)
    assert.deepEqual(await traces(house, person.needles), [])
  })

  it('stays while the shop still owes the goods', async () => {
    const { house } = told
    const person = await newTraces(told)
    const order = `/api/v1/orders/${person.order.id}`
    await house.ask(`PUT ${order}/status`, { status: 'confirmed' })
    const route = `POST /api/v1/customers/${person.id}/erase`
    const refused = await house.ask(route)
    assert.deepEqual([refused.status, refused.error.code], [409, 'CUSTOMER_HAS_OPEN_BUSINESS'])
    assert.match(refused.error.message, new RegExp(person.order.order_number))
    await house.ask(`POST ${order}/cancel`, { reason: `${person.tag} changed her mind` })
    assert.equal((await house.ask(route)).status, 200)
    await jobsDone(house)
    assert.deepEqual(await traces(house, person.needles), [])
    assert.deepEqual(await house.violations(), [])
  })

  it('of staff who bought too is erased, and their login is staff as before', async () => {
    const { house, shop } = told
    const email = shop.newEmail()
    const password = 'weaves patterns of algebra'
    const roles = ['staff', 'customer']
    const body = { first_name: 'Sam', last_name: 'Clerk', email, password, roles }
    const { data: user } = await house.ask('POST /api/v1/users', body)
    assert.equal((await house.ask(`POST /api/v1/customers/${user.customer_id}/erase`)).status, 200)
    const left = await house.ask(`GET /api/v1/users/${user.id}`)
    assert.deepEqual([left.data.email, left.data.roles], [email, ['staff']])
    assert.deepEqual(await house.violations(), [])
  })

  it('is erased once, however many ask at the same time', async () => {
    const { house } = told
    const person = await newTraces(told)
    const route = `POST /api/v1/customers/${person.id}/erase`
    const all = await Promise.all([1, 2, 3].map(() => house.ask(route)))
    assert.deepEqual(
      all.map(({ status }) => status),
      [200, 200, 200],
    )
    assert.equal(new Set(all.map(({ data }) => data.erased_at)).size, 1)
    assert.equal(await erasures(house, person.id), 1)
  })

  it('that is written while it is erased is gone as well', async () => {
    const { house, shop } = told
    const person = await newTraces(told)
    const sku = { product_id: person.variant, quantity: 1 }
    const order = { customer_id: person.id, items: [sku], notes: `for ${person.tag}` }
    const note = { text: `${person.tag} called again` }
    const [erased] = await Promise.all([
      house.ask(`POST /api/v1/customers/${person.id}/erase`),
      person.me('POST /addresses', person.HOME),
      person.me('PUT ', { first_name: person.tag }),
      person.me('POST /wishlists', { name: person.tag }),
      house.ask(`POST /api/v1/customers/${person.id}/notes`, note),
      house.ask('POST /api/v1/orders', order),
      shop.ask('PUT /api/v1/users/me', { last_name: person.tag }, person.headers),
    ])
    assert.equal(erased.status, 200, JSON.stringify(erased.error))
    // What the job that comes a minute later does.
    await house.database.write(({ kysely }) =>
      sql`update jobs set run_at = created_at`.execute(kysely),
    )
    house.app.wake()
    await jobsDone(house)
    assert.deepEqual(await traces(house, person.needles), [])
    assert.deepEqual(await house.violations(), [])
  })
})
