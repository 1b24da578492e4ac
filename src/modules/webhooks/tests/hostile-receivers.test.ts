import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openPostOffice } from './post-office.ts'
import { Receiver } from './receiver.ts'

onEveryEngine('a hostile receiver', (engine) => {
  it('that is slow is given up after the time limit, and keeps no other endpoint waiting', async () => {
    await using office = await openPostOffice(engine, { settings: { webhook_timeout_ms: 300 } })
    await using other = await Receiver.open()
    office.receiver.answer = () => {}
    const slow = await office.subscribe(['customer.created'])
    await office.subscribe(['customer.created'], { url: other.url })

    const customers = [await office.addCustomer(), await office.addCustomer()]
    await other.until(customers.length)
    const ofSlow = () => office.deliveries(`&webhook_id=${slow.id}`)
    await office.eventually(async () =>
      (await ofSlow()).every(({ error }: { error: string }) => /within 300 ms/.test(error ?? '')),
    )
    const [delivery] = await ofSlow()
    assert.deepEqual([delivery.status, delivery.response_status], ['pending', null])
  })

  it('that sends elsewhere is not followed', async () => {
    await using office = await openPostOffice(engine)
    await using trap = await Receiver.open()
    office.receiver.answer = (_, response) =>
      void response.writeHead(307, { location: trap.url }).end()
    await office.subscribe(['customer.created'])
    await office.addCustomer()
    await office.eventually(async () => (await office.deliveries())[0]?.response_status === 307)
    const [delivery] = await office.deliveries()
    assert.equal(delivery.error, 'It answered 307; redirects are not followed.')
    assert.deepEqual(trap.got, [])
  })

  it('that answers without end is read a little of, and that it took it counts', async () => {
    await using office = await openPostOffice(engine)
    let sent = 0
    office.receiver.answer = (_, response) => {
      response.writeHead(200, { 'x-note': 'n'.repeat(2000) })
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536
        response.once('drain', pour)
      }
      pour()
    }
    await office.subscribe(['customer.created'])
    await office.addCustomer()
    await office.eventually(async () => (await office.deliveries())[0]?.status === 'delivered')
    const [{ id }] = await office.deliveries()
    const { data } = await office.ask(`GET /api/v1/webhooks/deliveries/${id}`)
    const { body, headers } = data.tries[0].response
    assert.equal(body.length, 4096)
    assert.equal(headers['x-note'].length, 500)
    assert.ok(sent < 50_000_000, `it was allowed to send ${sent} bytes`)
  })

  it('that hangs up, or speaks no HTTP, is tried again', async () => {
    await using office = await openPostOffice(engine)
    office.receiver.answer = (_, { socket }) => void socket?.end('what do you want?\r\n')
    await office.subscribe(['customer.created'])
    await office.addCustomer()
    await office.eventually(async () => Boolean((await office.deliveries())[0]?.error))
    assert.match((await office.deliveries())[0].error, /^It could not be reached/)
    office.receiver.answer = (_, response) => void response.writeHead(204).end()
    await office.letPausesPass()
    await office.eventually(async () => (await office.deliveries())[0]?.status === 'delivered')
  })

  it('that asks for time is not asked again before it', async () => {
    await using office = await openPostOffice(engine)
    office.receiver.answer = (_, response) =>
      void response.writeHead(429, { 'retry-after': '7200' }).end()
    await office.subscribe(['customer.created'])
    await office.addCustomer()
    await office.eventually(async () => (await office.deliveries())[0]?.response_status === 429)
    const [{ next_attempt_at }] = await office.deliveries()
    assert.ok(Date.parse(next_attempt_at) > Date.now() + 7_000_000)
  })
})
