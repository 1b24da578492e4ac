import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { openFolder, start } from './terminal.ts'

const READY = /Health {6}(http:\S+)\/health/
const development = { APP__ENVIRONMENT: 'development', APP__SEED: 'none', APP__LOG_LEVEL: 'silent' }

describe('serve', () => {
  it('starts on nothing, prints what a person needs, and starts again on what is there', async () => {
    using folder = openFolder(development)
    const first = start(folder, 'serve')
    const [, base] = await first.printed(READY)
    const [, key] = await first.printed(/API key {5}(\S+)/)
    const [, password] = await first.printed(/Password {4}(\S+)/)
    const [curl] = await first.printed(/curl .*/)
    const login = await fetch(`${base}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'admin@example.com', password }),
    })
    assert.equal(login.status, 200)
    const listed = await fetch(`${base}/api/v1/admin/jobs`, {
      headers: { 'x-api-key': key as string },
    })
    assert.equal(listed.status, 200)
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      `${curl.replace('localhost', '127.0.0.1')} -s`,
    ])
    assert.equal(
      JSON.parse(stdout).success ?? JSON.parse(stdout).status === 'healthy',
      true,
      stdout,
    )

    first.child.kill('SIGTERM')
    assert.equal(await first.ended, 0)
    assert.equal(first.err, '')

    const second = start(folder, 'serve')
    const [, again] = await second.printed(READY)
    assert.equal((await fetch(`${again}/health/ready`)).status, 200)
    assert.doesNotMatch(second.out, /API key/)
    assert.ok(!second.out.includes(password as string), 'a password is printed once')
    const known = await fetch(`${again}/api/v1/admin/jobs`, {
      headers: { 'x-api-key': key as string },
    })
    assert.equal(known.status, 200)
    second.child.kill('SIGINT')
    assert.equal(await second.ended, 0)
  })

  it('does not print a password that somebody set', async () => {
    const password = 'Correct-Horse-42-Battery'
    using folder = openFolder({ ...development, APP__ADMIN_PASSWORD: password })
    for (const said of [/Password {4}as set \(admin_password\)/, /E-mail {6}admin@example\.com/]) {
      const server = start(folder, 'serve')
      await server.printed(said)
      const [, base] = await server.printed(READY)
      assert.equal((await fetch(`${base}/health/ready`)).status, 200)
      server.child.kill('SIGTERM')
      assert.equal(await server.ended, 0)
      assert.ok(!`${server.out}${server.err}`.includes(password))
      assert.doesNotMatch(server.out, /kept in/, 'what was set is kept nowhere')
    }
  })

  it('finishes the request that runs when it is told to stop', async () => {
    using folder = openFolder(development)
    const server = start(folder, 'serve')
    const [, base] = await server.printed(READY)
    const login = fetch(`${base}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'admin@example.com', password: 'wrong on purpose' }),
    })
    // A password takes long enough to check that the signal comes in the middle.
    await new Promise((next) => setTimeout(next, 15))
    server.child.kill('SIGTERM')
    const answer = await login
    assert.equal(answer.status, 401)
    assert.equal(((await answer.json()) as { error: { status: number } }).error.status, 401)
    assert.equal(await server.ended, 0)
    await assert.rejects(fetch(`${base}/health/live`))
  })

  it('says in one line that its port is taken, and how to mend it', async () => {
    const other = createServer()
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as AddressInfo
    using folder = openFolder({ ...development, APP__PORT: String(port) })
    const server = start(folder, 'serve')
    const code = await server.ended
    other.close()
    assert.equal(code, 1)
    assert.equal(
      server.err,
      `tradepost: port ${port} is taken; stop what listens there, or take another one: APP__PORT=${port + 1}.\n`,
    )
  })

  it('refuses to start on tables that wait for a migration it may not apply', async () => {
    using folder = openFolder({ ...development, APP__AUTO_MIGRATE: 'false' })
    const server = start(folder, 'serve')
    assert.equal(await server.ended, 1)
    assert.match(server.err, /^tradepost: \d+ migrations wait; [^\n]*\n$/)
  })

  it('refuses production without secrets, in one line', async () => {
    using folder = openFolder({ ...development, APP__ENVIRONMENT: 'production' })
    const server = start(folder, 'serve')
    assert.equal(await server.ended, 1)
    assert.match(server.err, /^tradepost: [^\n]*APP__JWT_SECRET[^\n]*\n$/)
  })
})
