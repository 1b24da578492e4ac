import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ensureFirstAdministrator } from '#modules/access'
import { onEveryEngine } from '#testing'
import { bearer, openDesk, PASSWORD, shareDesk } from './desk.ts'

const MINUTE_MS = 60_000

onEveryEngine('logging in', (engine) => {
  const shared = shareDesk(engine)

  it('works at every published path, whatever the case of the e-mail', async () => {
    const { desk } = shared
    await desk.newUser(['staff'], 'Ada@Example.com')
    for (const path of ['/auth/login', '/api/v1/auth/login', '/api/v1/users/login/']) {
      const { status, data } = await desk.ask(`POST ${path}`, {
        email: ' aDA@example.COM ',
        password: PASSWORD,
      })
      assert.equal(status, 200, path)
      assert.deepEqual(
        {
          ...data,
          access_token: typeof data.access_token,
          refresh_token: typeof data.refresh_token,
        },
        {
          access_token: 'string',
          refresh_token: 'string',
          token_type: 'Bearer',
          expires_in: 3600,
          refresh_expires_in: 2_592_000,
        },
      )
      const me = await desk.ask(
        'GET /api/v1/users/me',
        undefined,
        bearer(data.access_token).headers,
      )
      assert.equal(me.data.email, 'ada@example.com')
      assert.equal('password_hash' in me.data, false)
    }
  })

  it('takes a form at /api/v1/users/login and nowhere else', async () => {
    const { desk } = shared
    const { email } = await desk.newUser()
    const form = (url: string) =>
      desk.house.http.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ username: email, password: PASSWORD }).toString(),
      })
    assert.equal((await form('/api/v1/users/login')).statusCode, 200)
    assert.equal((await form('/auth/login')).statusCode, 415)
    assert.equal((await form('/api/v1/customers/register')).statusCode, 415)
  })

  it('gives a wrong password and an unknown e-mail the same answer', async () => {
    const { desk } = shared
    const { email } = await desk.newUser()
    const wrong = await desk.logIn(email, 'not the password')
    const unknown = await desk.logIn('nobody@example.com', 'not the password')
    assert.equal(wrong.status, 401)
    assert.equal(wrong.error.code, 'AUTH_INVALID_CREDENTIALS')
    assert.deepEqual(unknown.error, wrong.error)
  })

  it('locks an e-mail for fifteen minutes after five failures in five, known or not', async () => {
    const { desk } = shared
    const { email } = await desk.newUser()
    for (const named of [email, 'no-one@example.com']) {
      for (let nth = 1; nth <= 5; nth++) {
        assert.equal((await desk.logIn(named, 'guess')).status, 401, `guess ${nth} of ${named}`)
      }
      const locked = await desk.logIn(named)
      assert.equal(locked.status, 429)
      assert.equal(locked.error.code, 'AUTH_TOO_MANY_ATTEMPTS')
      assert.equal(locked.error.details.retry_after, 900)
      assert.equal(locked.headers['retry-after'], '900')
    }
    desk.pass(14 * MINUTE_MS)
    assert.equal((await desk.logIn(email)).status, 429)
    desk.pass(MINUTE_MS)
    assert.equal((await desk.logIn(email)).status, 200)
  })

  it('forgets failures after five minutes and after a login', async () => {
    const { desk } = shared
    const { email } = await desk.newUser()
    const fail = async (times: number) => {
      for (let nth = 0; nth < times; nth++) await desk.logIn(email, 'guess')
    }
    await fail(4)
    assert.equal((await desk.logIn(email)).status, 200)
    await fail(4)
    desk.pass(5 * MINUTE_MS)
    await fail(4)
    assert.equal((await desk.logIn(email)).status, 200)
  })

  it('looks at five of fifty guesses that come at once', async () => {
    const { desk } = shared
    const { email } = await desk.newUser()
    const guesses = await Promise.all(Array.from({ length: 50 }, () => desk.logIn(email, 'guess')))
    const counted = Map.groupBy(guesses, ({ status }) => status)
    assert.equal(counted.get(401)?.length, 5)
    assert.equal(counted.get(429)?.length, 45)
  })

  it('lets twelve right logins in that come at once', async () => {
    const { desk } = shared
    const { email } = await desk.newUser()
    const logins = await Promise.all(Array.from({ length: 12 }, () => desk.logIn(email)))
    assert.deepEqual(
      logins.map(({ status }) => status),
      Array(12).fill(200),
    )
  })

  it('renews a hash that was made at another cost', async () => {
    const { desk } = shared
    const { email } = await desk.newUser()
    const cost = async () => {
      const { rows } = await desk.house.database.read((session) =>
        session.run<{ password_hash: string }>({
          sql: `select password_hash from users where email = '${email}'`,
          parameters: [],
        }),
      )
      return /m=\d+,t=\d+/.exec(rows[0]?.password_hash ?? '')?.[0]
    }
    assert.equal(await cost(), 'm=64,t=1')
    const { app } = desk.house
    const { settings } = app
    Object.assign(app, { settings: { ...settings, password_hash_passes: 2 } })
    assert.equal((await desk.logIn(email)).status, 200)
    Object.assign(app, { settings })
    assert.equal(await cost(), 'm=64,t=2')
    assert.equal((await desk.logIn(email)).status, 200)
  })

  it('refuses what is no login with the field that is wrong', async () => {
    const { desk } = shared
    for (const [body, field] of [
      [{}, 'password'],
      [{ password: 'x' }, 'email'],
      [{ email: 7, password: 'x' }, 'email'],
      [{ email: 'ada@example.com', password: 'x'.repeat(201) }, 'password'],
      [{ email: 'ada@example.com', password: 'x', totp_code: '12' }, 'totp_code'],
    ] as const) {
      const { status, error } = await desk.ask('POST /auth/login', body)
      assert.equal(status, 400, JSON.stringify(body))
      assert.equal(error.details.field, field)
    }
  })
})

onEveryEngine('the first administrator', (engine) => {
  it('is made once, by one of two that ask at once, and may do everything', async () => {
    await using desk = await openDesk(engine)
    const { app } = desk.house
    const made = await Promise.all([ensureFirstAdministrator(app), ensureFirstAdministrator(app)])
    const [first, ...others] = made.filter((one) => one !== undefined)
    assert.equal(others.length, 0)
    assert.ok(first)
    assert.equal(await ensureFirstAdministrator(app), undefined)
    const { data } = await desk.logIn(first.email, first.password)
    const me = await desk.ask('GET /auth/me', undefined, bearer(data.access_token).headers)
    assert.deepEqual([me.data.roles, me.data.permissions], [['admin'], ['*']])
    const byKey = await desk.ask('GET /api/v1/users', undefined, { 'x-api-key': first.api_key })
    assert.equal(byKey.data.total, 1)
  })

  it('cannot be deleted, suspended or demoted while there is no other', async () => {
    await using desk = await openDesk(engine)
    const { api_key } = await desk.firstAdministrator()
    const headers = { 'x-api-key': api_key }
    const { data } = await desk.ask('GET /api/v1/users', undefined, headers)
    const { id } = data.items[0]
    const tries = [
      await desk.ask(`DELETE /api/v1/users/${id}`, undefined, headers),
      await desk.ask(`POST /api/v1/users/${id}/suspend`, {}, headers),
      await desk.ask(`PUT /api/v1/users/${id}`, { roles: ['staff'] }, headers),
    ]
    for (const { status, error } of tries) {
      assert.equal(status, 409)
      assert.equal(error.code, 'USER_LAST_ADMINISTRATOR')
    }
    const second = await desk.newUser(['admin'])
    assert.equal(
      (await desk.ask(`DELETE /api/v1/users/${id}`, undefined, second.headers)).status,
      204,
    )
    assert.equal((await desk.ask('GET /api/v1/users', undefined, headers)).status, 401)
  })

  it('remains when two administrators remove each other at once', async () => {
    await using desk = await openDesk(engine)
    const one = await desk.newUser(['admin'])
    const two = await desk.newUser(['admin'])
    const removed = await Promise.all([
      desk.ask(`DELETE /api/v1/users/${two.id}`, undefined, one.headers),
      desk.ask(`DELETE /api/v1/users/${one.id}`, undefined, two.headers),
    ])
    // The slower one is refused: as the last administrator, or as one who is gone already.
    const [done, refused] = removed.map(({ status }) => status).toSorted()
    assert.equal(done, 204)
    assert.ok(refused === 409 || refused === 401, `answered ${refused}`)
    const { data } = await desk.house.ask('GET /api/v1/users?role=admin')
    assert.equal(data.total, 1)
  })
})
