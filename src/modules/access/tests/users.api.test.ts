import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { PASSWORD, shareDesk } from './desk.ts'

const NOBODY = '019aa5c0-0000-7000-8000-00000000dead'

onEveryEngine('users', (engine) => {
  const shared = shareDesk(engine)

  it('see and change themselves; a foreign one is not there', async () => {
    const { desk } = shared
    const ada = await desk.newUser()
    const eve = await desk.newUser()
    const own = await desk.ask(`GET /api/v1/users/${ada.id}`, undefined, ada.headers)
    assert.deepEqual(own.data, { ...ada.user, last_login_at: own.data.last_login_at })
    const change = { first_name: 'Augusta', phone: '+44 20 7946 0018', status: 'deleted' }
    const changed = await desk.ask('PUT /api/v1/users/me', change, ada.headers)
    assert.deepEqual(
      [changed.status, changed.data.first_name, changed.data.status, changed.data.version],
      [200, 'Augusta', 'active', 2],
    )
    const profile = await desk.ask('GET /api/v1/users/profile', undefined, ada.headers)
    assert.equal(profile.data.phone, '+44 20 7946 0018')
    const path = `/api/v1/users/${ada.id}`
    for (const [route, body] of [
      [`GET ${path}`],
      [`PUT ${path}`, { first_name: 'Eve' }],
      [`DELETE ${path}`],
      [
        `POST ${path}/change-password`,
        { current_password: PASSWORD, new_password: `${PASSWORD}!` },
      ],
      [`GET /api/v1/users/${NOBODY}`],
    ] as [string, object?][]) {
      const { status, error } = await desk.ask(route, body, eve.headers)
      assert.deepEqual([status, error?.code], [404, 'AUTH_USER_NOT_FOUND'], route)
    }
    for (const route of ['GET /api/v1/users', `GET /api/v1/users/email/${ada.email}`]) {
      assert.equal((await desk.ask(route, undefined, eve.headers)).status, 403, route)
    }
    assert.equal((await desk.ask(`GET ${path}`)).status, 401)
  })

  it('do not promote themselves', async () => {
    const { desk } = shared
    const ada = await desk.newUser()
    const own = `PUT /api/v1/users/${ada.id}`
    const tried = await desk.ask(own, { roles: ['admin'] }, ada.headers)
    assert.deepEqual([tried.status, tried.error.code], [403, 'AUTH_INSUFFICIENT_PERMISSIONS'])
    await desk.ask('PUT /api/v1/users/me', { roles: ['admin'] }, ada.headers)
    const me = await desk.ask('GET /api/v1/users/me', undefined, ada.headers)
    assert.deepEqual(me.data.roles, ['staff'])
  })

  it('give no role that may more than they, and manage nobody who may more', async () => {
    const { desk } = shared
    const permissions = ['users:*', 'roles:assign', 'roles:create', 'orders:read']
    await desk.house.ask('POST /api/v1/roles', { name: `hr-${engine}`, permissions })
    const hr = await desk.newUser([`hr-${engine}`])
    const chief = await desk.newUser(['admin'])
    const staff = await desk.newUser([`hr-${engine}`])
    const path = `/api/v1/users/${chief.id}`
    for (const [route, body] of [
      [`PUT ${path}`, { password: 'stolen from the admin' }],
      [`PUT ${path}`, { email: 'stolen@example.com' }],
      [`POST ${path}/suspend`, {}],
      [`DELETE ${path}`],
      [`PUT /api/v1/users/${staff.id}`, { roles: ['manager'] }],
      [`PUT /api/v1/users/${hr.id}`, { roles: ['admin'] }],
      ['POST /api/v1/roles', { name: 'super', permissions: ['products:*'] }],
      [
        'POST /api/v1/users',
        {
          email: 'x@example.com',
          password: PASSWORD,
          first_name: 'X',
          last_name: 'Y',
          roles: ['admin'],
        },
      ],
    ] as [string, object?][]) {
      const { status, error } = await desk.ask(route, body, hr.headers)
      assert.deepEqual([status, error?.code], [403, 'AUTH_BEYOND_OWN_PERMISSIONS'], route)
    }
    assert.equal((await desk.logIn(chief.email)).status, 200)
    const renamed = await desk.ask(
      `PUT /api/v1/users/${staff.id}`,
      { last_name: 'Byron' },
      hr.headers,
    )
    assert.equal(renamed.data.last_name, 'Byron')
  })

  it('change their e-mail with their password, to one that is free', async () => {
    const { desk } = shared
    const ada = await desk.newUser()
    const eve = await desk.newUser()
    const route = 'PUT /api/v1/users/me'
    const email = `New.${ada.email}`
    const bare = await desk.ask(route, { email }, ada.headers)
    assert.deepEqual([bare.status, bare.error.details.field], [400, 'current_password'])
    const wrong = await desk.ask(route, { email, current_password: 'guess' }, ada.headers)
    assert.equal(wrong.error.code, 'PASSWORD_WRONG')
    const taken = { email: eve.email.toUpperCase(), current_password: PASSWORD }
    const refused = await desk.ask(route, taken, ada.headers)
    assert.deepEqual([refused.status, refused.error.code], [409, 'USER_EMAIL_TAKEN'])
    const right = await desk.ask(route, { email, current_password: PASSWORD }, ada.headers)
    assert.equal(right.data.email, `new.${ada.email}`)
    assert.equal((await desk.logIn(ada.email)).status, 401)
    assert.equal((await desk.logIn(email)).status, 200)
  })

  it('lose everything at once when suspended, and log in again when activated', async () => {
    const { desk } = shared
    const ada = await desk.newUser()
    await desk.house.ask(`POST /api/v1/users/${ada.id}/suspend`)
    assert.equal((await desk.ask('GET /auth/me', undefined, ada.headers)).status, 401)
    const refresh_token = ada.tokens.refresh_token
    assert.equal((await desk.ask('POST /auth/refresh', { refresh_token })).status, 401)
    const login = await desk.logIn(ada.email)
    assert.deepEqual([login.status, login.error.code], [403, 'AUTH_ACCOUNT_SUSPENDED'])
    assert.equal((await desk.logIn(ada.email, 'guess')).error.code, 'AUTH_INVALID_CREDENTIALS')
    const again = await desk.house.ask(`POST /api/v1/users/${ada.id}/suspend`)
    assert.deepEqual([again.status, again.error.code], [409, 'USER_CANNOT_SUSPEND'])
    await desk.house.ask(`POST /api/v1/users/${ada.id}/activate`)
    assert.equal((await desk.logIn(ada.email)).status, 200)
    assert.equal((await desk.ask('GET /auth/me', undefined, ada.headers)).status, 401)
  })

  it('are gone when deleted, and their e-mail is free', async () => {
    const { desk } = shared
    const ada = await desk.newUser()
    assert.equal(
      (await desk.ask(`DELETE /api/v1/users/${ada.id}`, undefined, ada.headers)).status,
      204,
    )
    assert.equal((await desk.ask('GET /auth/me', undefined, ada.headers)).status, 401)
    assert.equal((await desk.logIn(ada.email)).status, 401)
    assert.equal((await desk.house.ask(`GET /api/v1/users/${ada.id}`)).status, 404)
    const second = await desk.newUser(['staff'], ada.email)
    assert.notEqual(second.id, ada.id)
  })

  it('register once, however many ask with one e-mail at the same time', async () => {
    const { desk } = shared
    const body = {
      email: `twin-${engine}@example.com`,
      password: PASSWORD,
      first_name: 'A',
      last_name: 'B',
    }
    const made = await Promise.all([1, 2, 3, 4].map(() => desk.ask('POST /api/v1/users', body)))
    assert.deepEqual(made.map(({ status }) => status).toSorted(), [201, 409, 409, 409])
  })

  it('are listed newest first, by pages, search, role and status', async () => {
    const { desk } = shared
    const role = `lister-${engine}`
    await desk.house.ask('POST /api/v1/roles', { name: role, permissions: [] })
    const made: string[] = []
    for (const nth of [1, 2, 3]) {
      made.unshift((await desk.newUser([role], `page_${nth}@example.org`)).id)
    }
    const seen: string[] = []
    let next = ''
    do {
      const list = await desk.house.ask(`GET /api/v1/users?role=${role}&limit=2${next}`)
      assert.equal(list.data.total, 3)
      seen.push(...list.data.items.map(({ id }: { id: string }) => id))
      next = list.data.next_cursor === null ? '' : `&cursor=${list.data.next_cursor}`
    } while (next)
    assert.deepEqual(seen, made)
    const found = await desk.house.ask('GET /api/v1/users?search=PAGE_2@')
    assert.deepEqual(
      found.data.items.map(({ id }: { id: string }) => id),
      [made[1]],
    )
    // All words must be there, the last one as far as it is typed; signs are no wildcards.
    for (const [search, total] of [
      ['page_2@exampl', 1],
      ['king page_', 3],
      ['king page_2', 1],
      ['page_2 nobody', 0],
      ['%', 0],
      ['_', 0],
    ] as const) {
      const query = `search=${encodeURIComponent(search)}&role=${role}`
      assert.equal((await desk.house.ask(`GET /api/v1/users?${query}`)).data.total, total, search)
    }
    await desk.house.ask(`POST /api/v1/users/${made[0]}/suspend`)
    const locked = await desk.house.ask(`GET /api/v1/users?role=${role}&status=suspended`)
    assert.deepEqual(
      locked.data.items.map(({ id }: { id: string }) => id),
      [made[0]],
    )
    const one = await desk.house.ask('GET /api/v1/users/email/PAGE_3@example.org')
    assert.equal(one.data.id, made[0])
    assert.equal('password_hash' in one.data, false)
    const forged = Buffer.from(JSON.stringify(['users', 2, 'x'])).toString('base64url')
    assert.equal((await desk.house.ask(`GET /api/v1/users?cursor=${forged}`)).status, 400)
  })

  it('are changed at the version that If-Match names, or not', async () => {
    const { desk } = shared
    const ada = await desk.newUser()
    const put = (version: number) =>
      desk.ask(
        'PUT /api/v1/users/me',
        { first_name: 'Augusta' },
        { ...ada.headers, 'if-match': `"${version}"` },
      )
    assert.equal((await put(1)).status, 200)
    const late = await put(1)
    assert.deepEqual([late.status, late.error.details.version], [412, 2])
  })
})

onEveryEngine('roles', (engine) => {
  const shared = shareDesk(engine)

  it('hold at once for tokens in use: what is added, and what is taken away', async () => {
    const { desk } = shared
    await desk.house.ask('POST /api/v1/roles', { name: 'picker', permissions: ['users:read'] })
    const ada = await desk.newUser(['picker'])
    const list = async () => (await desk.ask('GET /api/v1/users', undefined, ada.headers)).status
    const roles = async () => (await desk.ask('GET /api/v1/roles', undefined, ada.headers)).status
    assert.deepEqual([await list(), await roles()], [200, 403])
    await desk.house.ask('PUT /api/v1/roles/picker', { permissions: ['roles:*'] })
    assert.deepEqual([await list(), await roles()], [403, 200])
  })

  it('built in stay as they are, and one in use is not deleted', async () => {
    const { desk } = shared
    const { data } = await desk.house.ask('GET /api/v1/roles')
    const builtIn = data.filter((role: { built_in: boolean }) => role.built_in)
    assert.deepEqual(
      builtIn.map(({ name }: { name: string }) => name),
      ['admin', 'customer', 'manager', 'staff'],
    )
    for (const route of ['PUT /api/v1/roles/admin', 'DELETE /api/v1/roles/admin']) {
      const { status, error } = await desk.house.ask(route, { permissions: [] })
      assert.deepEqual([status, error.code], [409, 'ROLE_BUILT_IN'])
    }
    await desk.house.ask('POST /api/v1/roles', { name: 'packer', permissions: ['orders:read'] })
    const twice = await desk.house.ask('POST /api/v1/roles', { name: 'packer', permissions: [] })
    assert.deepEqual([twice.status, twice.error.code], [409, 'ROLE_EXISTS'])
    const ada = await desk.newUser(['packer'])
    const used = await desk.house.ask('DELETE /api/v1/roles/packer')
    assert.deepEqual([used.status, used.error.code], [409, 'ROLE_IN_USE'])
    await desk.house.ask(`PUT /api/v1/users/${ada.id}`, { roles: ['staff'] })
    assert.equal((await desk.house.ask('DELETE /api/v1/roles/packer')).status, 204)
    assert.equal((await desk.house.ask('GET /api/v1/roles/packer')).status, 404)
  })

  it('refuse permissions that are none', async () => {
    const { desk } = shared
    for (const bad of [
      'orders',
      'orders:',
      ':read',
      'Orders:read',
      '**',
      'orders:re ad',
      '*:read',
    ]) {
      const { status, error } = await desk.house.ask('POST /api/v1/roles', {
        name: 'odd',
        permissions: [bad],
      })
      assert.deepEqual([status, error.details.field], [400, 'permissions.0'], bad)
    }
    const unknown = await desk.house.ask('POST /api/v1/users', {
      email: 'odd@example.com',
      password: PASSWORD,
      first_name: 'O',
      last_name: 'D',
      roles: ['no-such-role'],
    })
    assert.deepEqual([unknown.status, unknown.error.code], [400, 'ROLE_UNKNOWN'])
  })
})
