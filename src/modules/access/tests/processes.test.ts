import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createApp } from '#app'
import { authenticate, ensureFirstAdministrator } from '#modules/access'
import type { App, Credentials } from '#platform/app'
import { loadSettings } from '#platform/config/load'
import type { Engine } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'
import { execute } from '#platform/execute'
import { silentLog } from '#platform/log'
import { createDatabase, onEveryEngine, openDatabaseAt } from '#testing'
import { modules } from '../../../modules.ts'
import { CHEAP, PASSWORD } from './desk.ts'

const SETTINGS = {
  ...loadSettings({ env: { APP__ENVIRONMENT: 'test' } }),
  ...CHEAP,
  jwt_secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
}

/** Two apps with pools, caches and listeners of their own on one database: two processes. */
async function openTwo(engine: Engine) {
  const { url, drop } = await createDatabase(engine)
  const apps = [1, 2].map(() =>
    createApp({ settings: SETTINGS, database: openDatabaseAt(engine, url), log: silentLog }),
  ) as [App, App]
  await migrate(
    apps[0].database,
    modules.map((module) => module.migrations),
  )
  return {
    apps,
    async [Symbol.asyncDispose]() {
      for (const { database } of apps) await database.close()
      await drop()
    },
  }
}

async function call(app: App, name: string, input: object, credentials: Credentials = {}) {
  const operation = app.operations.find((one) => one.name === name)
  assert.ok(operation, name)
  const actor = await app.authenticate(credentials)
  const { output } = await execute(app, operation, {
    actor,
    input,
    request_id: 'r',
    log: silentLog,
  })
  return output as any
}

/** Asks until the app has a warm cache, so that what follows is about invalidation. */
async function warm(app: App, credentials: Credentials): Promise<void> {
  const { read } = app.database
  for (let tries = 0; tries < 200; tries++) {
    let reads = 0
    app.database.read = (body, consistency) => {
      reads++
      return read(body, consistency)
    }
    await authenticate(app, credentials)
    app.database.read = read
    if (reads === 0) return
    await new Promise((done) => setTimeout(done, 10))
  }
  assert.fail('the cache never became warm')
}

/** Whether the app lets these in. A commit elsewhere may need a moment to be heard of. */
async function isRefused(app: App, credentials: Credentials): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await authenticate(app, credentials)
    } catch {
      return true
    }
    await new Promise((done) => setTimeout(done, 10))
  }
  return false
}

onEveryEngine('two processes on one database', (engine) => {
  it('make one first administrator between them', async () => {
    await using two = await openTwo(engine)
    const made = await Promise.all(two.apps.map(ensureFirstAdministrator))
    assert.equal(made.filter((one) => one !== undefined).length, 1)
  })

  it('refuse in both what was revoked in one: sessions, keys, users, roles', async () => {
    await using two = await openTwo(engine)
    const [here, there] = two.apps
    const first = await ensureFirstAdministrator(here)
    const admin = { api_key: first?.api_key }
    const role = { name: 'reader', permissions: ['users:read', 'api-keys:*'] }
    await call(here, 'access.create_role', role, admin)
    const newReader = async (email: string) => {
      const person = { email, password: PASSWORD, first_name: 'A', last_name: 'B' }
      const user = await call(
        here,
        'customers.register_user',
        { ...person, roles: ['reader'] },
        admin,
      )
      const { access_token } = await call(there, 'access.log_in', { email, password: PASSWORD })
      return { user, bearer: { authorization: `Bearer ${access_token}` } }
    }

    const one = await newReader('one@example.com')
    await warm(there, one.bearer)
    await call(here, 'access.log_out', {}, one.bearer)
    await assert.rejects(authenticate(here, one.bearer), { code: 'AUTH_REVOKED_TOKEN' })
    assert.ok(await isRefused(there, one.bearer), 'a session')

    const two_ = await newReader('two@example.com')
    const made = await call(here, 'access.create_api_key', { name: 'k' }, two_.bearer)
    const key = { api_key: made.api_key }
    await warm(there, key)
    await call(here, 'access.revoke_api_key', { id: made.id }, two_.bearer)
    assert.ok(await isRefused(there, key), 'an API key')

    await warm(there, two_.bearer)
    await call(here, 'access.suspend_user', { id: two_.user.id }, admin)
    assert.ok(await isRefused(there, two_.bearer), 'a suspended user')

    const three = await newReader('three@example.com')
    await warm(there, three.bearer)
    assert.equal((await authenticate(there, three.bearer)).may('users:read'), true)
    await call(here, 'access.update_role', { name: 'reader', permissions: [] }, admin)
    for (let tries = 0; tries < 100; tries++) {
      if (!(await authenticate(there, three.bearer)).may('users:read')) return
      await new Promise((done) => setTimeout(done, 10))
    }
    assert.fail('a role changed elsewhere still holds here')
  })

  it('ask the database each time while announcements may be missed', async () => {
    await using two = await openTwo(engine)
    const [here, there] = two.apps
    const first = await ensureFirstAdministrator(here)
    const admin = { api_key: first?.api_key }
    await warm(there, admin)
    const { announcements } = there.database
    Object.defineProperty(announcements, 'connected', { value: false })
    const key = await call(here, 'access.create_api_key', { name: 'k' }, admin)
    const credentials = { api_key: key.api_key }
    assert.equal((await authenticate(there, credentials)).kind, 'api_key')
    await call(here, 'access.revoke_api_key', { id: key.id }, admin)
    await assert.rejects(authenticate(there, credentials), { code: 'AUTH_INVALID_API_KEY' })
  })

  it('let one of two refresh that happen at once in both', async () => {
    await using two = await openTwo(engine)
    const [here, there] = two.apps
    const first = await ensureFirstAdministrator(here)
    const { refresh_token } = await call(here, 'access.log_in', first as object)
    const answers = await Promise.allSettled(
      [here, there, here, there].map((app) => call(app, 'access.refresh', { refresh_token })),
    )
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
  })
})

onEveryEngine('a credential seen before', (engine) => {
  it('costs no database and, even on a busy machine, well under 50 µs', async () => {
    await using two = await openTwo(engine)
    const [app] = two.apps
    const first = await ensureFirstAdministrator(app)
    const { access_token } = await call(app, 'access.log_in', first as object)
    for (const credentials of [
      { api_key: first?.api_key },
      { authorization: `Bearer ${access_token}` },
    ]) {
      await warm(app, credentials)
      const { read } = app.database
      let reads = 0
      app.database.read = (body, consistency) => {
        reads++
        return read(body, consistency)
      }
      const times = 20_000
      const started = process.cpuUsage()
      for (let nth = 0; nth < times; nth++) await authenticate(app, credentials)
      const { user, system } = process.cpuUsage(started)
      app.database.read = read
      assert.equal(reads, 0)
      assert.ok((user + system) / times < 50, `${(user + system) / times} µs`)
    }
  })
})
