import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { ADDRESS, NAMES, PASSWORD, shareShop } from './buyers.ts'

// The users of the published users-products-orders document (sections 2 and 3), route by route, in
// the canonical shapes.

const HOME = {
  address_line1: '1 Main Street',
  city: 'Springfield',
  state: 'IL',
  postal_code: '62701',
  country: 'USA',
}
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

onEveryEngine('the users of the document', (engine) => {
  const shared = shareShop(engine)

  /** Someone who registered by the document, and is logged in by it. */
  async function newUser(more: object = {}) {
    const { ask, newEmail } = shared.shop
    const body = { ...NAMES, ...HOME, email: newEmail(), password: PASSWORD, ...more }
    const made = await ask('POST /api/v1/users/', body)
    assert.equal(made.status, 201, JSON.stringify(made.error))
    const form = new URLSearchParams({ username: body.email, password: PASSWORD })
    const login = await ask('POST /api/v1/users/login', form.toString(), FORM)
    assert.equal(login.status, 200, JSON.stringify(login.error))
    const headers = { authorization: `Bearer ${login.data.access_token}` }
    return { id: made.data.id as string, email: body.email, made, tokens: login.data, headers }
  }

  it('register as a user and a customer with an address; a role sent along is nothing', async () => {
    const { made, id } = await newUser({ role: 'admin' })
    assert.deepEqual([made.data.roles, made.data.customer_id], [['customer'], id])
    assert.equal('password' in made.data || 'password_hash' in made.data, false)
    assert.equal('number' in made.data, false)
    const { data } = await shared.house.ask(`GET /api/v1/customers/${id}/addresses`)
    assert.deepEqual([data.total, data.items[0].country_code], [1, 'US'])
    const { ask, newEmail } = shared.shop
    const wrong = { ...NAMES, ...HOME, email: newEmail(), password: PASSWORD, postal_code: 'x' }
    const refused = await ask('POST /api/v1/users', wrong)
    assert.deepEqual([refused.status, refused.error.details.field], [400, 'postal_code'])
    const stateless = { ...wrong, country: 'Germany', postal_code: '1', state: 'x' }
    const german = await ask('POST /api/v1/users', stateless)
    assert.deepEqual([german.status, german.error.details.field], [400, 'postal_code'])
  })

  it('register once with an e-mail, however many ask at once', async () => {
    const { ask, newEmail } = shared.shop
    const body = { ...NAMES, ...HOME, email: newEmail(), password: PASSWORD }
    const routes = ['POST /api/v1/users', 'POST /api/v1/customers/register']
    const all = await Promise.all([...routes, ...routes].map((route) => ask(route, body)))
    const made = all.filter(({ status }) => status === 201)
    assert.equal(made.length, 1)
    for (const { status, error } of all.filter((answer) => answer.status !== 201)) {
      const code = status === 409 ? 'USER_EMAIL_TAKEN' : 'CUSTOMER_EMAIL_TAKEN'
      assert.deepEqual([[400, 409].includes(status), error.code], [true, code])
    }
  })

  it('log in by form or JSON, and a bad login is 401', async () => {
    const { ask } = shared.shop
    const { email, tokens } = await newUser()
    assert.deepEqual(
      [tokens.token_type, tokens.expires_in, tokens.refresh_expires_in],
      ['Bearer', 3600, 2_592_000],
    )
    for (const body of [
      { username: email, password: PASSWORD },
      { email, password: PASSWORD },
    ]) {
      assert.equal((await ask('POST /api/v1/users/login', body)).status, 200)
    }
    for (const body of [
      { email, password: 'wrong' },
      { email: 'nobody@example.com', password: PASSWORD },
    ]) {
      const { status, error } = await ask('POST /api/v1/users/login', body)
      assert.deepEqual([status, error.code], [401, 'AUTH_INVALID_CREDENTIALS'])
    }
    const form = new URLSearchParams({ username: email, password: 'wrong' }).toString()
    assert.equal((await ask('POST /api/v1/users/login', form, FORM)).status, 401)
  })

  it('log out by GET or POST, and the token is nothing any more', async () => {
    const { ask } = shared.shop
    for (const route of ['GET /api/v1/users/logout', 'POST /auth/logout']) {
      const { headers, tokens } = await newUser()
      const { status, data } = await ask(route, undefined, headers)
      assert.deepEqual([status, data.message], [200, 'Successfully logged out'])
      assert.equal((await ask('GET /api/v1/users/me', undefined, headers)).status, 401)
      const { refresh_token } = tokens
      assert.equal((await ask('POST /auth/refresh', { refresh_token })).status, 401)
    }
    assert.equal((await ask('GET /api/v1/users/logout')).status, 401)
  })

  it('read and change themselves and nobody else, and never their role', async () => {
    const { ask } = shared.shop
    const ada = await newUser()
    const eve = await newUser()
    const path = `/api/v1/users/${ada.id}`
    for (const route of [`GET ${path}`, 'GET /api/v1/users/me', 'GET /api/v1/users/profile/']) {
      assert.equal((await ask(route, undefined, ada.headers)).data.email, ada.email, route)
    }
    const change = { first_name: 'Augusta', role: 'admin' }
    const changed = await ask(`PUT ${path}`, change, ada.headers)
    assert.deepEqual([changed.data.first_name, changed.data.roles], ['Augusta', ['customer']])
    const raised = await ask(`PUT ${path}`, { roles: ['admin'] }, ada.headers)
    assert.equal(raised.status, 403)
    const taken = { email: eve.email, current_password: PASSWORD }
    const refused = await ask(`PUT ${path}`, taken, ada.headers)
    assert.deepEqual([refused.status, refused.error.code], [409, 'USER_EMAIL_TAKEN'])
    const short = await ask(`PUT ${path}`, { password: 'short' }, ada.headers)
    assert.equal(short.status, 400)
    for (const route of [`GET ${path}`, `PUT ${path}`, `DELETE ${path}`]) {
      assert.equal((await ask(route, undefined, eve.headers)).status, 404, route)
      assert.equal((await ask(route)).status, 401, route)
    }
    for (const route of ['GET /api/v1/users/', `GET /api/v1/users/email/${ada.email}`]) {
      assert.equal((await ask(route, undefined, eve.headers)).status, 403, route)
      assert.equal((await ask(route)).status, 401, route)
    }
    const found = await shared.house.ask(`GET /api/v1/users/email/${ada.email.toUpperCase()}`)
    assert.equal(found.data.id, ada.id)
  })

  it('are listed for administrators by any name or the e-mail, by city, country and role', async () => {
    const { house, shop } = shared
    const tag = `Zed${engine}`
    const named = async (more: object) => (await newUser(more)).id
    const first = await named({ first_name: tag, city: 'Chicago' })
    const last = await named({ last_name: tag, email: `by-name-${engine}@example.org` })
    const mail = await named({ email: `${tag}@example.org`, country: 'DE', postal_code: '12045' })
    const list = async (query: string) => {
      const { status, data } = await house.ask(`GET /api/v1/users?${query}`)
      assert.equal(status, 200, query)
      return data.items.map(({ id }: { id: string }) => id)
    }
    assert.deepEqual(await list(`search=${tag.toLowerCase()}`), [mail, last, first])
    assert.deepEqual(await list(`search=zed&limit=1&skip=1`), [last])
    assert.deepEqual(await list('search=zed&limit=2&page=2'), [first])
    assert.deepEqual(await list('search=zed&city=CHICAGO'), [first])
    assert.deepEqual(await list('search=zed&country=Germany'), [mail])
    assert.deepEqual(await list('search=zed&country=US&city=springfield'), [last])
    assert.deepEqual(await list('search=zed&country=Atlantis'), [])
    assert.deepEqual(await list('search=zed&role=customer'), [mail, last, first])
    assert.deepEqual(await list('search=zed&role=admin'), [])
    assert.deepEqual(await list('search=ed'), [])
    await house.ask(`POST /api/v1/users/${first}/suspend`)
    assert.deepEqual(await list('search=zed&status=suspended'), [first])
    await house.ask(`PUT /api/v1/users/${last}`, { last_name: 'Byron' })
    assert.deepEqual(await list('search=zed'), [mail, first])
    await house.ask(`DELETE /api/v1/users/${mail}`)
    assert.deepEqual(await list('search=zed'), [first])
    assert.ok(shop)
  })

  it('go by themselves or by an administrator, and the books stay', async () => {
    const { house, shop } = shared
    const variant = await shop.newVariant(`BOOK-${engine}`)
    const { items } = (await house.ask(`GET /api/v1/inventory?search=BOOK-${engine}`)).data
    assert.ok(items)
    for (const isSelf of [true, false]) {
      const { id, headers, email } = await newUser()
      const order = { customer_id: id, items: [{ product_id: variant, quantity: 1 }] }
      const placed = await house.ask('POST /api/v1/orders', order)
      const route = `DELETE /api/v1/users/${id}`
      const gone = isSelf ? await shop.ask(route, undefined, headers) : await house.ask(route)
      assert.equal(gone.status, 204)
      assert.equal((await shop.ask('GET /api/v1/users/me', undefined, headers)).status, 401)
      assert.equal((await shop.logIn(email)).status, 401)
      if (placed.status !== 201) continue
      const kept = await house.ask(`GET /api/v1/orders/${placed.data.id}`)
      assert.equal(kept.data.total_amount, '9.00')
    }
    assert.ok(ADDRESS)
  })
})
