import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { it } from 'node:test'
import type { Outgoing } from '#modules/webhooks'
import { guardedBy, PrivateAddress, type Resolve } from '../guarded-lookup.ts'
import { createWebhookSender } from '../webhook-sender.ts'

const PUBLIC = { address: '93.184.215.14', family: 4 }
const OWN = { address: '127.0.0.1', family: 4 }

/** A name server that says one thing after another, and the last for ever. */
function nameServer(...answers: LookupAddress[][]) {
  let asked = 0
  const resolve: Resolve = (_name, _options, told) => {
    told(null, answers[Math.min(asked++, answers.length - 1)] ?? [])
  }
  return { resolve, times: () => asked }
}

const lookedUp = (resolve: Resolve) =>
  new Promise<unknown>((done) => {
    guardedBy(resolve)('hooks.example', {}, (error, address) => done(error ?? address))
  })

async function openTrap() {
  let requests = 0
  const server = createServer((_, response) => {
    requests++
    response.end('inside')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const to = (url: string, more: Partial<Outgoing> = {}): Outgoing => ({
  url,
  headers: {},
  body: '{}',
  timeout_ms: 2_000,
  allow_private: false,
  signal: new AbortController().signal,
  ...more,
})

it('a name is looked up once a connection, which goes to what was checked', async () => {
  const rebinding = nameServer([PUBLIC], [OWN])
  assert.equal(await lookedUp(rebinding.resolve), PUBLIC.address)
  assert.equal(rebinding.times(), 1)
  assert.ok((await lookedUp(rebinding.resolve)) instanceof PrivateAddress)
})

it('a name with one private address among public ones is refused whole', async () => {
  for (const other of [OWN, { address: '::ffff:10.0.0.1', family: 6 }]) {
    assert.ok((await lookedUp(nameServer([PUBLIC, other]).resolve)) instanceof PrivateAddress)
  }
  assert.ok((await lookedUp(nameServer([]).resolve)) instanceof PrivateAddress)
})

it('a name that leads to this machine is not connected to', async () => {
  await using trap = await openTrap()
  const names = nameServer([OWN])
  const { send } = createWebhookSender(names.resolve)
  const url = `http://hooks.example:${trap.port}/`
  assert.deepEqual(await send(to(url)), {
    ok: false,
    error: 'Its address is private.',
    aborted: false,
  })
  assert.equal(trap.requests(), 0)
  const literal = await send(to(`http://127.0.0.1:${trap.port}/`))
  assert.deepEqual([literal.ok, trap.requests()], [false, 0])

  // A connection that was allowed is kept apart: nobody who is not allowed uses it.
  const allowed = await send(to(`http://127.0.0.1:${trap.port}/`, { allow_private: true }))
  assert.deepEqual([allowed.ok, trap.requests()], [true, 1])
  assert.equal((await send(to(`http://127.0.0.1:${trap.port}/`))).ok, false)
  assert.equal(trap.requests(), 1)
})
