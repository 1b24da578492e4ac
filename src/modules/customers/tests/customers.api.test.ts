import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'

const PASSWORD = 'weaves-patterns'
const CHEAP = { password_hash_memory_kib: 64, password_hash_passes: 1 }
const NAMES = { first_name: 'Ada', last_name: 'King' }
const ADDRESS = {
  ...NAMES,
  address_line_1: '12 St James’s Square',
  city: 'London',
  province: 'Greater London',
  country_code: 'gb',
  postal_code: 'SW1Y 4JH',
}

onEveryEngine('customers', (engine) => {
  let house: House
  let people = 0
  before(async () => {
    house = await openHouse(engine, { settings: CHEAP })
  })
  after(async () => {
    const violations = await house.violations()
    await house.close()
    assert.deepEqual(violations, [])
  })

  const ask = (route: string, body?: unknown, headers: Record<string, string> = {}) =>
    house.ask(route, body, { as: 'nobody', headers })
  const newEmail = () => `buyer-${++people}@example.com`
  const logIn = (email: string) =>
    ask('POST /api/v1/customers/login', { email, password: PASSWORD })

  /** Someone who registered and is logged in. */
  async function newBuyer() {
    const email = newEmail()
    const made = await ask('POST /api/v1/customers/register', {
      ...NAMES,
      email,
      password: PASSWORD,
      accepts_marketing: true,
    })
    assert.equal(made.status, 201, JSON.stringify(made.error))
    const { data } = await logIn(email)
    const headers = { authorization: `Bearer ${data.tokens.access_token}` }
    return { email, id: made.data.id as string, customer: made.data, headers, tokens: data.tokens }
  }

  it('register, log in and read themselves; the user has the same id', async () => {
    const buyer = await newBuyer()
    assert.deepEqual(
      { ...buyer.customer, created_at: 0, updated_at: 0 },
      {
        id: buyer.id,
        user_id: buyer.id,
        email: buyer.email,
        ...NAMES,
        phone: null,
        accepts_marketing: true,
        status: 'Active',
        version: 1,
        created_at: 0,
        updated_at: 0,
      },
    )
    const me = await ask('GET /api/v1/customers/me', undefined, buyer.headers)
    assert.deepEqual(me.data, buyer.customer)
    const user = await ask('GET /auth/me', undefined, buyer.headers)
    assert.deepEqual(
      [user.data.id, user.data.customer_id, user.data.roles],
      [buyer.id, buyer.id, ['customer']],
    )
  })

  it('register once with an e-mail, whatever its case, and never one that staff entered', async () => {
    const { email } = await newBuyer()
    const entered = newEmail()
    await house.ask('POST /api/v1/customers', { ...NAMES, email: entered })
    for (const taken of [email.toUpperCase(), entered]) {
      const again = await ask('POST /api/v1/customers/register', {
        ...NAMES,
        email: taken,
        password: PASSWORD,
      })
      assert.deepEqual(
        [again.status, again.error.code, again.error.message],
        [400, 'CUSTOMER_EMAIL_TAKEN', 'Email already registered'],
      )
      const user = await ask('POST /api/v1/users', { ...NAMES, email: taken, password: PASSWORD })
      assert.deepEqual([user.status, user.error.code], [409, 'USER_EMAIL_TAKEN'])
    }
  })

  it('need a password of eight characters that is not a common one', async () => {
    for (const [password, code] of [
      ['short12', 'VALIDATION_FAILED'],
      ['password1', 'PASSWORD_TOO_WEAK'],
    ]) {
      const made = await ask('POST /api/v1/customers/register', {
        ...NAMES,
        email: newEmail(),
        password,
      })
      assert.deepEqual(
        [made.status, made.error.code, made.error.details.field],
        [400, code, 'password'],
      )
    }
  })

  it('are made by POST /users too, with their address, and ignore what is not theirs to say', async () => {
    const email = newEmail()
    const made = await ask('POST /api/v1/users/', {
      ...NAMES,
      email,
      password: PASSWORD,
      role: 'admin',
      id: '019aa5c0-0000-7000-8000-0000000000aa',
      customer_id: '019aa5c0-0000-7000-8000-0000000000aa',
      address_line1: '1 Main Street',
      city: 'Springfield',
      state: 'IL',
      postal_code: '62701',
      country: 'USA',
    })
    assert.equal(made.status, 201)
    assert.deepEqual(made.data.roles, ['customer'])
    assert.equal(made.data.customer_id, made.data.id)
    assert.notEqual(made.data.id, '019aa5c0-0000-7000-8000-0000000000aa')
    const list = await house.ask(`GET /api/v1/customers/${made.data.id}/addresses`)
    assert.deepEqual(
      [
        list.data.items[0].country_code,
        list.data.items[0].province,
        list.data.items[0].is_default_billing,
      ],
      ['US', 'IL', true],
    )
    const half = { ...NAMES, email: newEmail(), password: PASSWORD, city: 'Springfield' }
    const refused = await ask('POST /api/v1/users', half)
    assert.deepEqual([refused.status, refused.error.details.field], [400, 'address_line1'])
    const nowhere = {
      ...half,
      address_line1: 'x',
      state: 'x',
      postal_code: 'x',
      country: 'Atlantis',
    }
    assert.equal((await ask('POST /api/v1/users', nowhere)).error.details.field, 'country')
    const promoted = await ask('POST /api/v1/users', {
      ...NAMES,
      email: newEmail(),
      password: PASSWORD,
      roles: ['admin'],
    })
    assert.equal(promoted.status, 403)
  })

  it('get a login from staff for what staff entered before, and keep their id', async () => {
    const email = newEmail()
    const { data: entered } = await house.ask('POST /api/v1/customers', { ...NAMES, email })
    const made = await house.ask('POST /api/v1/users', { ...NAMES, email, password: PASSWORD })
    assert.equal(made.data.customer_id, entered.id)
    const { data } = await logIn(email)
    assert.equal(data.customer.id, entered.id)
  })

  it('change themselves but not their status and e-mail; the login follows', async () => {
    const { headers, email, id } = await newBuyer()
    const change = {
      last_name: 'Byron',
      phone: '+44 1',
      status: 'Suspended',
      email: 'x@example.com',
      version: 7,
    }
    const { data } = await ask('PUT /api/v1/customers/me', change, headers)
    assert.deepEqual(
      [data.last_name, data.phone, data.status, data.email, data.version],
      ['Byron', '+44 1', 'Active', email, 2],
    )
    const user = await house.ask(`GET /api/v1/users/${id}`)
    assert.deepEqual([user.data.last_name, user.data.phone], ['Byron', '+44 1'])
    const stale = await ask(
      'PUT /api/v1/customers/me',
      { phone: null },
      { ...headers, 'if-match': '"1"' },
    )
    assert.equal(stale.status, 412)
  })

  it('follow their login: a new name, a new e-mail', async () => {
    const { headers, id } = await newBuyer()
    const email = newEmail()
    const change = { email, first_name: 'Augusta', current_password: PASSWORD }
    assert.equal((await ask('PUT /api/v1/users/me', change, headers)).status, 200)
    const { data } = await ask('GET /api/v1/customers/me', undefined, headers)
    assert.deepEqual([data.email, data.first_name], [email, 'Augusta'])
    const moved = await house.ask(`PUT /api/v1/customers/${id}`, { email: newEmail() })
    assert.deepEqual([moved.status, moved.error.code], [409, 'CUSTOMER_EMAIL_IS_LOGIN'])
    const entered = newEmail()
    await house.ask('POST /api/v1/customers', { ...NAMES, email: entered })
    const taken = await ask(
      'PUT /api/v1/users/me',
      { email: entered, current_password: PASSWORD },
      headers,
    )
    assert.deepEqual([taken.status, taken.error.code], [400, 'CUSTOMER_EMAIL_TAKEN'])
  })

  it('see nobody else: a foreign customer is not there', async () => {
    const ada = await newBuyer()
    const eve = await newBuyer()
    const { data: address } = await ask('POST /api/v1/customers/me/addresses', ADDRESS, ada.headers)
    const path = `/api/v1/customers/${ada.id}`
    for (const [route, body] of [
      [`GET ${path}`],
      [`GET ${path}/addresses`],
      [`POST ${path}/addresses`, ADDRESS],
      [`PUT ${path}/addresses/${address.id}`, { city: 'Paris' }],
      [`DELETE ${path}/addresses/${address.id}`],
      [`PUT /api/v1/customers/me/addresses/${address.id}`, { city: 'Paris' }],
      [`DELETE /api/v1/customers/me/addresses/${address.id}`],
    ] as [string, object?][]) {
      const { status } = await ask(route, body, eve.headers)
      assert.equal(status, 404, route)
    }
    for (const route of ['GET /api/v1/customers', `PUT ${path}`, `DELETE ${path}`]) {
      assert.equal((await ask(route, undefined, eve.headers)).status, 403, route)
    }
    const own = await ask(`GET ${path}/addresses`, undefined, ada.headers)
    assert.equal(own.data.items[0].city, 'London')
  })

  it('have one default address for each use, the first one at first', async () => {
    const { headers, id } = await newBuyer()
    const path = '/api/v1/customers/me/addresses'
    const add = (more = {}) => ask(`POST ${path}`, { ...ADDRESS, ...more }, headers)
    const { data: first } = await add()
    assert.deepEqual(
      [first.name, first.country_code, first.customer_id, first.company],
      ['Ada King', 'GB', id, null],
    )
    const { data: second } = await add({ company: 'Engines Ltd', is_default_shipping: true })
    const { data: third } = await add()
    const defaults = async () => {
      const { data } = await ask(`GET ${path}`, undefined, headers)
      type Row = { id: string; is_default_shipping: boolean; is_default_billing: boolean }
      const of = (use: keyof Row) =>
        data.items.filter((row: Row) => row[use]).map((row: Row) => row.id)
      return { shipping: of('is_default_shipping'), billing: of('is_default_billing') }
    }
    assert.deepEqual(await defaults(), { shipping: [second.id], billing: [first.id] })
    const change = { is_default_billing: true, city: 'Oxford', created_at: 'x', customer_id: 'x' }
    const changed = await ask(`PUT ${path}/${third.id}`, change, headers)
    assert.deepEqual(
      [changed.status, changed.data.city, changed.data.customer_id],
      [200, 'Oxford', id],
    )
    assert.deepEqual(await defaults(), { shipping: [second.id], billing: [third.id] })
    await Promise.all(
      [first, third].map((address) =>
        ask(`PUT ${path}/${address.id}`, { is_default_shipping: true }, headers),
      ),
    )
    assert.equal((await defaults()).shipping.length, 1)
    assert.equal((await ask(`DELETE ${path}/${third.id}`, undefined, headers)).status, 204)
    assert.equal((await ask(`DELETE ${path}/${third.id}`, undefined, headers)).status, 404)
  })

  it('are locked out with their login when suspended, and taken back, from either side', async () => {
    const { headers, id, email } = await newBuyer()
    const status = async () => (await house.ask(`GET /api/v1/customers/${id}`)).data.status
    await house.ask(`PUT /api/v1/customers/${id}`, { status: 'Suspended' })
    assert.equal((await ask('GET /api/v1/customers/me', undefined, headers)).status, 401)
    assert.equal((await logIn(email)).error.code, 'AUTH_ACCOUNT_SUSPENDED')
    const wrong = await house.ask(`PUT /api/v1/customers/${id}`, { status: 'Inactive' })
    assert.deepEqual([wrong.status, wrong.error.code], [409, 'CUSTOMER_CANNOT_BECOME_INACTIVE'])
    await house.ask(`PUT /api/v1/customers/${id}`, { status: 'Active' })
    assert.equal((await logIn(email)).status, 200)
    await house.ask(`POST /api/v1/users/${id}/suspend`)
    assert.equal(await status(), 'Suspended')
    await house.ask(`POST /api/v1/users/${id}/activate`)
    assert.equal(await status(), 'Active')
  })

  it('are gone when deleted, from either side, and their e-mail is free', async () => {
    const removals = [
      ({ headers }: { headers: Record<string, string> }) =>
        ask('DELETE /api/v1/customers/me', undefined, headers),
      ({ id }: { id: string }) => house.ask(`DELETE /api/v1/customers/${id}`),
      ({ id }: { id: string }) => house.ask(`DELETE /api/v1/users/${id}`),
    ]
    for (const remove of removals) {
      const buyer = await newBuyer()
      await ask('POST /api/v1/customers/me/addresses', ADDRESS, buyer.headers)
      assert.equal((await remove(buyer)).status, 204)
      assert.equal((await ask('GET /api/v1/customers/me', undefined, buyer.headers)).status, 401)
      assert.equal((await logIn(buyer.email)).status, 401)
      assert.equal((await house.ask(`GET /api/v1/customers/${buyer.id}`)).status, 404)
      const again = await ask('POST /api/v1/customers/register', {
        ...NAMES,
        email: buyer.email,
        password: PASSWORD,
      })
      assert.equal(again.status, 201)
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('who are staff too lose the customer and keep the login', async () => {
    const email = newEmail()
    const body = {
      ...NAMES,
      email,
      password: 'weaves patterns of algebra',
      roles: ['staff', 'customer'],
    }
    const { data: user } = await house.ask('POST /api/v1/users', body)
    assert.equal((await house.ask(`DELETE /api/v1/customers/${user.customer_id}`)).status, 204)
    const left = await house.ask(`GET /api/v1/users/${user.id}`)
    assert.deepEqual(
      [left.data.status, left.data.customer_id, left.data.roles],
      ['active', null, ['staff']],
    )
  })

  it('are listed newest first, by pages and by every filter', async () => {
    const tag = `list${engine}`
    const made: string[] = []
    for (const nth of [1, 2, 3]) {
      const customer = {
        first_name: `Nth${nth}`,
        last_name: tag,
        email: newEmail(),
        phone: `+49 ${nth}`,
      }
      made.unshift((await house.ask('POST /api/v1/customers', customer)).data.id)
    }
    await house.ask(`POST /api/v1/customers/${made[0]}/addresses`, {
      ...ADDRESS,
      city: tag,
      country_code: 'fr',
      postal_code: '75001',
    })
    await house.ask(`PUT /api/v1/customers/${made[1]}`, { status: 'Inactive' })
    const ids = async (query: string) => {
      const { status, data } = await house.ask(`GET /api/v1/customers?${query}`)
      assert.equal(status, 200, query)
      return data.items.map(({ id }: { id: string }) => id)
    }
    assert.deepEqual(await ids(`search=${tag.toUpperCase()}`), made)
    assert.deepEqual(await ids(`search=nth2 ${tag}`), [made[1]])
    assert.deepEqual(await ids(`search=${tag}&status=Inactive`), [made[1]])
    assert.deepEqual(await ids(`city=${tag.toUpperCase()}&country_code=FR`), [made[0]])
    assert.deepEqual(await ids(`city=${tag}&country_code=GB`), [])
    assert.deepEqual(await ids('search=100%25'), [])
    const page = await house.ask(`GET /api/v1/customers?search=${tag}&limit=2`)
    assert.deepEqual([page.data.total, page.data.total_pages, page.data.items.length], [3, 2, 2])
    const rest = await ids(`search=${tag}&limit=2&cursor=${page.data.next_cursor}`)
    assert.deepEqual(rest, made.slice(2))
    assert.deepEqual(await ids(`search=${tag}&limit=2&page=2`), made.slice(2))
  })

  it('open to staff only by permission', async () => {
    const { id } = await newBuyer()
    const reader = someoneWho('customers:read')
    const as = { as: reader }
    assert.equal((await house.ask(`GET /api/v1/customers/${id}`, undefined, as)).status, 200)
    assert.equal((await house.ask(`PUT /api/v1/customers/${id}`, {}, as)).status, 403)
    assert.equal(
      (await house.ask(`POST /api/v1/customers/${id}/addresses`, ADDRESS, as)).status,
      404,
    )
    const nobody = { as: someoneWho('orders:read') }
    assert.equal((await house.ask(`GET /api/v1/customers/${id}`, undefined, nobody)).status, 404)
  })

  it('tell what happened to them', async () => {
    const before = (await house.events()).length
    const { headers } = await newBuyer()
    await ask('POST /api/v1/customers/me/addresses', ADDRESS, headers)
    await ask('PUT /api/v1/customers/me', { last_name: 'Byron' }, headers)
    await ask('DELETE /api/v1/customers/me', undefined, headers)
    assert.deepEqual((await house.events()).slice(before), [
      'user.created',
      'customer.created',
      'customer.consent_recorded',
      'customer.updated',
      'customer.updated',
      'user.updated',
      'customer.deleted',
      'user.deleted',
    ])
  })
})
