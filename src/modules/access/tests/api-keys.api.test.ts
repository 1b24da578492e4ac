import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { shareDesk } from './desk.ts'

const DAY_MS = 86_400_000

onEveryEngine('API keys', (engine) => {
  const shared = shareDesk(engine)

  it('act as their owner within their permissions, and never beyond', async () => {
    const { desk } = shared
    const { headers, id } = await desk.newUser(['manager'])
    const made = await desk.ask(
      'POST /auth/api-keys',
      { name: 'reader', permissions: ['users:read'] },
      headers,
    )
    assert.equal(made.status, 201)
    assert.match(made.data.api_key, /^sk_[0-9A-Za-z]{32}$/)
    assert.equal(made.data.key, made.data.api_key)
    const key = { 'x-api-key': made.data.api_key }
    assert.equal((await desk.ask(`GET /api/v1/users/${id}`, undefined, key)).data.id, id)
    const beyond = await desk.ask('GET /api/v1/roles', undefined, key)
    assert.deepEqual([beyond.status, beyond.error.code], [403, 'AUTH_INSUFFICIENT_PERMISSIONS'])
    const more = await desk.ask(
      'POST /auth/api-keys',
      { name: 'all', permissions: ['users:*'] },
      headers,
    )
    assert.deepEqual([more.status, more.error.code], [403, 'AUTH_BEYOND_OWN_PERMISSIONS'])
  })

  it('do not change the profile, password or second factor of their owner', async () => {
    const { desk } = shared
    const { headers, id, email } = await desk.newUser(['admin'])
    const { data } = await desk.ask(
      'POST /auth/api-keys',
      { name: 'users', permissions: ['users:*'] },
      headers,
    )
    const key = { 'x-api-key': data.api_key }
    const password = 'another pattern of mine'
    const tries = [
      await desk.ask(`PUT /api/v1/users/${id}`, { password }, key),
      await desk.ask('PUT /api/v1/users/me', { password }, key),
      await desk.ask(`DELETE /api/v1/users/${id}`, undefined, key),
      await desk.ask('POST /auth/totp', { current_password: 'x' }, key),
      await desk.ask('POST /auth/logout', {}, key),
    ]
    for (const { status, error } of tries) {
      assert.ok([401, 403].includes(status), `${status} ${error?.code}`)
    }
    assert.equal((await desk.logIn(email)).status, 200)
  })

  it('lose with their owner: a role taken away, a suspension, a deletion', async () => {
    const { desk } = shared
    const { headers, id } = await desk.newUser(['manager'])
    const { data } = await desk.ask('POST /auth/api-keys', { name: 'mine' }, headers)
    const key = { 'x-api-key': data.api_key }
    const list = async () => (await desk.ask('GET /api/v1/users', undefined, key)).status
    assert.equal(await list(), 200)
    await desk.house.ask(`PUT /api/v1/users/${id}`, { roles: ['staff'] })
    assert.equal(await list(), 403)
    await desk.house.ask(`PUT /api/v1/users/${id}`, { roles: ['manager'] })
    assert.equal(await list(), 200)
    await desk.house.ask(`POST /api/v1/users/${id}/suspend`)
    assert.equal(await list(), 401)
    await desk.house.ask(`POST /api/v1/users/${id}/activate`)
    assert.equal(await list(), 200)
    await desk.house.ask(`DELETE /api/v1/users/${id}`)
    assert.equal(await list(), 401)
  })

  it('are stored as a digest only, listed by their first characters', async () => {
    const { desk } = shared
    const { headers } = await desk.newUser(['manager'])
    const { data: made } = await desk.ask('POST /auth/api-keys', { name: 'one' }, headers)
    const { data } = await desk.ask('GET /auth/api-keys', undefined, headers)
    const [listed] = data.items
    assert.equal(listed.id, made.id)
    assert.ok(made.api_key.startsWith(listed.prefix))
    assert.equal(JSON.stringify(data).includes(made.api_key), false)
    const { rows } = await desk.house.database.read((session) =>
      session.run({ sql: 'select * from api_keys', parameters: [] }),
    )
    assert.equal(JSON.stringify(rows).includes(made.api_key.slice(10)), false)
  })

  it('are refused from the moment of their revocation; a foreign one cannot be revoked', async () => {
    const { desk } = shared
    const { headers } = await desk.newUser(['manager'])
    const stranger = await desk.newUser(['manager'])
    const { data } = await desk.ask('POST /auth/api-keys', { name: 'mine' }, headers)
    const key = { 'x-api-key': data.api_key }
    const path = `DELETE /auth/api-keys/${data.id}`
    assert.equal((await desk.ask(path, undefined, stranger.headers)).status, 404)
    assert.equal((await desk.ask('GET /auth/me', undefined, key)).status, 200)
    assert.equal((await desk.ask(path, undefined, headers)).status, 204)
    const { status, error } = await desk.ask('GET /auth/me', undefined, key)
    assert.deepEqual([status, error.code], [401, 'AUTH_INVALID_API_KEY'])
  })

  it('remember their last use to the minute, beside the request', async () => {
    const { desk } = shared
    const { headers } = await desk.newUser(['manager'])
    const { data } = await desk.ask('POST /auth/api-keys', { name: 'mine' }, headers)
    const use = () => desk.ask('GET /auth/me', undefined, { 'x-api-key': data.api_key })
    const lastUse = async () => {
      await new Promise((done) => setTimeout(done, 50))
      const listed = await desk.ask('GET /auth/api-keys', undefined, headers)
      return listed.data.items[0].last_used_at
    }
    assert.equal(await lastUse(), null)
    await use()
    const first = new Date(desk.now()).toISOString()
    assert.equal(await lastUse(), first)
    desk.pass(59_999)
    await use()
    assert.equal(await lastUse(), first)
    desk.pass(1)
    await use()
    assert.equal(await lastUse(), new Date(desk.now()).toISOString())
  })

  it('expire, after ninety days unless said', async () => {
    const { desk } = shared
    const { headers } = await desk.newUser(['manager'])
    const { data: usual } = await desk.ask('POST /auth/api-keys', { name: 'usual' }, headers)
    const short = { name: 'short', expires_in_days: 1 }
    const { data: brief } = await desk.ask('POST /auth/api-keys', short, headers)
    const past = { name: 'past', expires_at: '2020-01-01T00:00:00Z' }
    const refused = await desk.ask('POST /auth/api-keys', past, headers)
    assert.deepEqual([refused.status, refused.error.details.field], [400, 'expires_at'])
    const use = async (key: string) =>
      (await desk.ask('GET /auth/me', undefined, { 'x-api-key': key })).error?.code
    desk.pass(DAY_MS - 1)
    assert.equal(await use(brief.api_key), undefined)
    desk.pass(1)
    assert.equal(await use(brief.api_key), 'AUTH_EXPIRED_API_KEY')
    desk.pass(89 * DAY_MS - 1)
    assert.equal(await use(usual.api_key), undefined)
    desk.pass(1)
    assert.equal(await use(usual.api_key), 'AUTH_EXPIRED_API_KEY')
  })
})
