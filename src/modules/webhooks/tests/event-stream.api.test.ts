import assert from 'node:assert/strict'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { openPostOffice } from './post-office.ts'

type Office = Awaited<ReturnType<typeof openPostOffice>>
const WAIT_MS = 30_000

/** Follows the stream of a house over a real connection. */
async function follow(office: Office, query = '', last_id?: string) {
  if (!office.http.server.listening) await office.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = office.http.server.address() as AddressInfo
  const events: { id: string; event: string; data: any }[] = []
  let changed = Promise.withResolvers<void>()
  let ended = false
  const headers = { 'x-api-key': office.adminKey, ...(last_id && { 'last-event-id': last_id }) }
  const path = `/api/v1/events/stream${query}`
  const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }).end()
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    asked.on('response', resolve).on('error', reject),
  )
  let text = ''
  const tell = () => {
    changed.resolve()
    changed = Promise.withResolvers()
  }
  response.setEncoding('utf8')
  response.on('data', (part: string) => {
    text += part
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, id, event, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(block) ?? []
      if (id && event && data) events.push({ id, event, data: JSON.parse(data) })
    }
    tell()
  })
  response.on('error', () => {})
  response.on('close', () => {
    ended = true
    tell()
  })
  const until = async (isSo: () => boolean) => {
    const late = setTimeout(() => changed.reject(new Error('late')), WAIT_MS)
    while (!isSo()) await changed.promise
    clearTimeout(late)
  }
  return {
    response,
    events,
    until: (count: number) => until(() => events.length >= count),
    untilEnded: () => until(() => ended),
    leave: () => void asked.destroy(),
  }
}

onEveryEngine('the stream of events', (engine) => {
  it('tells what happens, in order, and goes on where somebody left off', async () => {
    await using office = await openPostOffice(engine)
    const first = await follow(office)
    assert.equal(first.response.statusCode, 200)
    assert.match(first.response.headers['content-type'] ?? '', /^text\/event-stream/)
    const ada = await office.addCustomer()
    await first.until(1)
    first.leave()
    await office.rename(ada, 'Augusta')
    await office.rename(ada, 'Countess')

    const again = await follow(office, '', first.events[0]?.id)
    await again.until(2)
    await office.addCustomer()
    await again.until(3)
    assert.deepEqual(
      [...first.events, ...again.events].map(({ event, data }) => [event, data.entity.sequence]),
      [
        ['customer.created', 1],
        ['customer.updated', 2],
        ['customer.updated', 3],
        ['customer.created', 1],
      ],
    )
    again.leave()
  })

  it('tells only what was asked for', async () => {
    await using office = await openPostOffice(engine)
    const ada = await office.addCustomer()
    const bob = await office.addCustomer()
    const updates = await follow(office, `?events=customer.updated&entity_id=${bob.id}`)
    await office.rename(ada, 'Augusta')
    await office.rename(bob, 'Robert')
    await updates.until(1)
    assert.deepEqual(
      updates.events.map(({ data }) => data.entity.id),
      [bob.id],
    )
    updates.leave()
  })

  it('is for those who may read events, and refuses what is no event', async () => {
    await using office = await openPostOffice(engine)
    const path = 'GET /api/v1/events/stream'
    assert.equal((await office.send(path, { as: 'nobody' })).status, 401)
    assert.equal((await office.send(path, { as: someoneWho('orders:read') })).status, 403)
    const nowhere = { 'last-event-id': '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e1f' }
    assert.equal((await office.send(path, { headers: nowhere })).status, 404)
    assert.equal((await office.send(path, { headers: { 'last-event-id': 'x' } })).status, 400)
  })

  it('ends when the house closes, so that nobody waits for it', async () => {
    const office = await openPostOffice(engine)
    const stream = await follow(office)
    await office.close()
    await stream.untilEnded()
  })

  it('tells what another process did and can be read on by asking too', async () => {
    await using office = await openPostOffice(engine)
    const other = await openPostOffice(engine, { at: office.url })
    try {
      const start = (await office.ask('GET /api/v1/events')).data.last_id
      const live = await follow(office, '?events=customer.created')
      const made = await Promise.all(
        Array.from({ length: 60 }, (_, nth) => (nth % 2 ? office : other).addCustomer()),
      )
      await live.until(60)
      const ids = made.map(({ id }) => id).toSorted()
      assert.deepEqual(live.events.map(({ data }) => data.entity.id).toSorted(), ids)
      live.leave()

      const polled: string[] = []
      for (let after = start, more = true; more; ) {
        const { data } = await office.ask(
          `GET /api/v1/events?events=customer.*${after ? `&after=${after}` : ''}`,
        )
        polled.push(...data.items.map((event: any) => event.entity.id))
        more = data.more
        after = data.last_id
      }
      if (start) assert.deepEqual(polled.toSorted(), ids)
    } finally {
      await other.close()
    }
  })
})
