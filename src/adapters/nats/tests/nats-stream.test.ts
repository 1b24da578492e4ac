import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import type { LoggedEvent } from '#platform/event-log/read'
import { onEveryEngine, openHouse } from '#testing'
import { publishInOrder } from '../nats-stream.ts'

const NATS = new URL(process.env.TEST_NATS_URL ?? 'nats://127.0.0.1:4222')
const NATS_PORT = Number(NATS.port || 4222)
const isThere = await answers()
const skip = isThere ? false : 'no NATS with JetStream at TEST_NATS_URL or 127.0.0.1:4222'
const WAIT_MS = 30_000

function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: NATS.hostname, port: NATS_PORT })
    socket.on('data', (bytes) => {
      resolve(/"jetstream":true/.test(bytes.toString()))
      socket.destroy()
    })
    socket.on('error', () => resolve(false))
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('close', () => resolve(false))
  })
}

/** A line to NATS that is cut until it is mended, and can be cut again. */
async function openLine() {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connectTcp({ host: NATS.hostname, port: NATS_PORT })
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  const listen = (port: number) =>
    new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const cut = async () => {
    const closed = new Promise((done) => server.close(done))
    for (const socket of open) socket.destroy()
    await closed
  }
  return { url: `nats://127.0.0.1:${port}`, cut, mend: () => listen(port) }
}

/** A stream of its own for a test, and what is in it. */
async function openStream() {
  const name = `TEST_${randomUUID().replaceAll('-', '')}`
  const prefix = name.toLowerCase()
  const connection = await connect({ servers: NATS.href })
  const manager = await jetstreamManager(connection)
  return {
    name,
    prefix,
    async messages(): Promise<{ subject: string; id: string; body: any }[]> {
      const info = await manager.streams.info(name).catch(() => undefined)
      const count = info?.state.messages ?? 0
      if (count === 0) return []
      const consumer = await jetstream(connection).consumers.get(name)
      const found: { subject: string; id: string; body: any }[] = []
      for await (const message of await consumer.fetch({ max_messages: count, expires: 5000 })) {
        const { subject, headers } = message
        found.push({ subject, id: headers?.get('Nats-Msg-Id') ?? '', body: message.json() })
        if (found.length === count) break
      }
      return found
    },
    async [Symbol.asyncDispose]() {
      await manager.streams.delete(name).catch(() => {})
      await connection.close()
    },
  }
}

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + WAIT_MS; !(await isSo()); await sleep(50)) {
    assert.ok(Date.now() < end, 'it never came to be so')
  }
}

onEveryEngine('events published to NATS', (engine) => {
  it('come in the order of each entity, once, also when NATS was away', { skip }, async () => {
    await using stream = await openStream()
    const line = await openLine()
    await line.cut()
    const settings = {
      nats_url: line.url,
      nats_stream: stream.name,
      nats_subject_prefix: stream.prefix,
      nats_timeout_ms: 1000,
      outbox_poll_interval_ms: 50,
    }
    await using house = await openHouse(engine, { settings, background: true })
    const health = async () => (await house.send('GET /health/detailed')).body.details.nats.status
    assert.equal(await health(), 'down')
    // The cursor begins at the end of the log, so it must be there before anything happens.
    await eventually(async () => {
      const { rows } = await house.database.read((session) =>
        session.run({ sql: 'select name from event_cursors', parameters: [] }),
      )
      return rows.length === 1
    })
    const add = async (nth: number) => {
      const email = `ada${nth}@example.com`
      const person = { email, first_name: 'Ada', last_name: 'Brook' }
      const { data } = await house.ask('POST /api/v1/customers', person)
      await house.ask(`PUT /api/v1/customers/${data.id}`, { first_name: 'Augusta' })
    }
    for (let nth = 0; nth < 10; nth++) await add(nth)
    assert.deepEqual(await stream.messages(), [])

    await line.mend()
    await eventually(async () => (await stream.messages()).length >= 20)
    assert.equal(await health(), 'up')
    await line.cut()
    for (let nth = 10; nth < 15; nth++) await add(nth)
    await line.mend()
    await eventually(async () => (await stream.messages()).length >= 30)

    const messages = await stream.messages()
    assert.equal(messages.length, 30)
    assert.equal(new Set(messages.map(({ id }) => id)).size, 30)
    assert.ok(messages.every(({ id, body }) => id === body.id))
    assert.equal(messages[0]?.subject, `${stream.prefix}.customer.created`)
    for (const own of Map.groupBy(messages, ({ body }) => body.entity.id).values()) {
      assert.deepEqual(
        own.map(({ body }) => body.entity.sequence),
        [1, 2],
      )
    }
    await line.cut()
  })

  it('are published by one process, and by another one when it stops', { skip }, async () => {
    await using stream = await openStream()
    const settings = {
      nats_url: NATS.href,
      nats_stream: stream.name,
      nats_subject_prefix: stream.prefix,
      outbox_poll_interval_ms: 50,
    }
    await using house = await openHouse(engine, { settings, background: true })
    const other = await openHouse(engine, { settings, background: true, at: house.url })
    const add = (at: typeof house, nth: number) =>
      at.ask('POST /api/v1/customers', {
        email: `bob${nth}@example.com`,
        first_name: 'Bob',
        last_name: 'Brook',
      })
    await eventually(async () => {
      const { rows } = await house.database.read((session) =>
        session.run({ sql: 'select name from event_cursors', parameters: [] }),
      )
      return rows.length === 1
    })
    for (let nth = 0; nth < 10; nth++) await add(nth % 2 ? house : other, nth)
    await eventually(async () => (await stream.messages()).length >= 10)
    await other.close()
    for (let nth = 10; nth < 15; nth++) await add(house, nth)
    await eventually(async () => (await stream.messages()).length >= 15)
    assert.equal((await stream.messages()).length, 15)
  })
})

describe('publishing in order', () => {
  const event = (entity_id: string, sequence: number) =>
    ({ id: `${entity_id}${sequence}`, entity_id, sequence }) as unknown as LoggedEvent

  it('tries nothing of an entity behind a failure, and says how much is safe', async () => {
    const events = [event('a', 1), event('b', 1), event('a', 2), event('b', 2), event('b', 3)]
    const tried: string[] = []
    const done = await publishInOrder(events, async ({ id }) => {
      tried.push(id)
      if ((id as string) === 'b2') throw new Error('away')
    })
    assert.equal(done, 3)
    assert.ok(!tried.includes('b3'))
  })

  it('fails if not even the first is safe', async () => {
    const fail = async () => {
      throw new Error('away')
    }
    await assert.rejects(publishInOrder([event('a', 1)], fail), /away/)
  })
})
