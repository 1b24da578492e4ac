import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { it } from 'node:test'
import { createWebhookSender } from '../webhook-sender.ts'

const NAMES = ['localhost', '127.0.0.1', '127.1', '2130706433', '[::ffff:127.0.0.1]']

it('nothing is sent to a private address, however it is written or looked up', async () => {
  let connections = 0
  const server = createServer((_, response) => void response.end())
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const sender = createWebhookSender()
  const send = (host: string, allow_private: boolean) =>
    sender.send({
      url: `http://${host}:${port}/`,
      headers: {},
      body: '{}',
      timeout_ms: 20_000,
      allow_private,
      signal: new AbortController().signal,
    })
  try {
    for (const host of NAMES) {
      const refused = await send(host, false)
      assert.deepEqual(
        refused,
        { ok: false, error: 'Its address is private.', aborted: false },
        host,
      )
    }
    assert.equal(connections, 0)
    assert.equal((await send('127.0.0.1', true)).ok, true)
    // A connection that was allowed is not lent to a request that is not.
    assert.equal((await send('127.0.0.1', false)).ok, false)
    assert.equal((await send('localhost', false)).ok, false)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
