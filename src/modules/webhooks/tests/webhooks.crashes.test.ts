import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openDatabaseAt } from '#testing'
import { ServerProcess } from '../../../../tests/crash/server.ts'
import { Receiver } from './receiver.ts'

onEveryEngine('a server that is killed', (engine) => {
  it('between sending a webhook and noting it sends the same delivery again', {
    timeout: 120_000,
  }, async () => {
    await using receiver = await Receiver.open()
    const server = await ServerProcess.open(engine, { APP__WEBHOOK_PRIVATE_ADDRESSES: 'true' })
    try {
      const hook = { url: receiver.url, events: ['customer.*'] }
      assert.equal((await server.ask('POST', '/webhooks', hook)).status, 201)
      // It takes the message, and the server dies before it hears so.
      receiver.answer = () => {}
      const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
      assert.equal((await server.ask('POST', '/customers', person)).status, 201)
      await receiver.until(1)
      await server.kill()

      receiver.answer = (_, response) => void response.writeHead(204).end()
      await endLeases(server.url)
      await server.start()
      await receiver.until(2)
      const [before, after] = receiver.got
      assert.equal(after?.body.delivery_id, before?.body.delivery_id)
      assert.equal(after?.headers['webhook-id'], before?.headers['webhook-id'])
      assert.equal(after?.text, before?.text)
      assert.equal(after?.headers['x-webhook-attempt'], '2')
    } finally {
      await server.close()
    }
  })

  /** The minute that a dead process holds what it took is over. */
  async function endLeases(url: string): Promise<void> {
    const database = openDatabaseAt(engine, url)
    const sql = `update webhook_deliveries set next_at = '2020-01-01T00:00:00.000Z'`
    await database.write((session) => session.run({ sql, parameters: [] }))
    await database.close()
  }
})
