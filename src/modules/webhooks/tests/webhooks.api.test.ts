import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openPostOffice } from './post-office.ts'
import type { Got } from './receiver.ts'

onEveryEngine('webhooks', (engine) => {
  it('tell a subscriber what happens, signed both ways, and show every try', async () => {
    await using office = await openPostOffice(engine)
    const { receiver } = office
    const hook = await office.subscribe(['customer.*'])

    const { id } = await office.addCustomer()
    await receiver.until(1)

    const { headers, text, body } = receiver.got[0] as Got
    assert.equal(body.type, 'customer.created')
    assert.equal(body.event, 'customer.created')
    assert.deepEqual(body.entity, { type: 'customer', id, sequence: 1 })
    assert.equal(body.data.customer_id, id)
    assert.equal(headers['webhook-id'], body.id)
    assert.equal(headers['x-webhook-delivery'], body.delivery_id)
    const key = Buffer.from(hook.secret.replace('whsec_', ''), 'base64')
    const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
    const standard = createHmac('sha256', key).update(content).digest('base64')
    assert.equal(headers['webhook-signature'], `v1,${standard}`)
    const documented = createHmac('sha256', hook.secret).update(text).digest('hex')
    assert.equal(headers['x-webhook-signature'], `sha256=${documented}`)
    assert.equal(headers['x-stateset-signature'], documented)

    await office.eventually(async () => (await office.deliveries())[0]?.status === 'delivered')
    const [delivery] = await office.deliveries()
    assert.equal(delivery.id, body.delivery_id)
    const { data } = await office.ask(`GET /api/v1/webhooks/deliveries/${delivery.id}`)
    assert.equal(data.tries.length, 1)
    assert.equal(data.tries[0].request.body, text)
    assert.equal(data.tries[0].response.status, 204)
    assert.deepEqual(await office.violations(), [])
  })

  it('tell the secret once, and are changed, paused, resumed and deleted', async () => {
    await using office = await openPostOffice(engine)
    const { id, secret } = await office.subscribe(['order.created'], { description: 'Books' })
    const at = `/api/v1/webhooks/${id}`

    const read = await office.ask(`GET ${at}`)
    assert.equal(read.data.secret_hint, `…${secret.slice(-4)}`)
    assert.ok(!JSON.stringify(read.body).includes(secret))
    const listed = await office.ask('GET /api/v1/webhooks')
    assert.ok(!JSON.stringify(listed.body).includes(secret))

    const stale = await office.ask(
      `PATCH ${at}`,
      { events: ['*'] },
      { headers: { 'if-match': '"7"' } },
    )
    assert.equal(stale.status, 412)
    const changed = await office.ask(`PATCH ${at}`, { events: ['order.*'], description: null })
    assert.deepEqual([changed.data.events, changed.data.description], [['order.*'], null])

    const paused = await office.ask(`POST ${at}/pause`, {})
    assert.deepEqual([paused.data.status, paused.data.pause_reason], ['paused', 'manual'])
    assert.equal((await office.ask(`POST ${at}/pause`, {})).status, 409)
    assert.equal((await office.ask(`POST ${at}/test`, {})).error.code, 'WEBHOOK_IS_PAUSED')
    const resumed = await office.ask(`POST ${at}/resume`, {})
    assert.deepEqual([resumed.data.status, resumed.data.pause_reason], ['active', null])

    assert.equal((await office.ask(`DELETE ${at}`)).status, 204)
    assert.equal((await office.ask(`GET ${at}`)).error.code, 'WEBHOOK_NOT_FOUND')
    assert.deepEqual((await office.ask('GET /api/v1/webhooks')).data.items, [])
    const told = (await office.events()).filter((name) => name.startsWith('webhook.'))
    assert.deepEqual(told, [
      'webhook.created',
      'webhook.changed',
      'webhook.paused',
      'webhook.resumed',
      'webhook.deleted',
    ])
    assert.deepEqual(await office.violations(), [])
  })

  it('refuse addresses, events and secrets that cannot work', async () => {
    await using office = await openPostOffice(engine, {
      settings: { webhook_private_addresses: false },
    })
    const refused = async (more: object) => {
      const asked = { url: 'https://hooks.example.com/', events: ['*'], ...more }
      return (await office.ask('POST /api/v1/webhooks', asked)).error?.code
    }
    assert.equal(await refused({}), undefined)
    assert.equal(await refused({ url: 'https://169.254.169.254/' }), 'WEBHOOK_URL_REFUSED')
    assert.equal(await refused({ url: 'http://hooks.example.com/' }), 'WEBHOOK_URL_REFUSED')
    assert.equal(await refused({ events: ['orders.created'] }), 'WEBHOOK_EVENT_UNKNOWN')
    assert.equal(await refused({ events: ['order.*', 'nobody.*'] }), 'WEBHOOK_EVENT_UNKNOWN')
    assert.equal(await refused({ secret: 'whsec_short1234567' }), 'VALIDATION_FAILED')
    const { data } = await office.ask('GET /api/v1/webhooks/event-types')
    assert.ok(data.items.some(({ name }: { name: string }) => name === 'order.created'))
  })

  it('bring only what was asked for: names, patterns and what a payload says', async () => {
    await using office = await openPostOffice(engine)
    const { receiver } = office
    const ada = await office.addCustomer()
    const bob = await office.addCustomer()
    await office.subscribe(['customer.updated'], { filters: { customer_id: [bob.id] } })

    await office.rename(ada, 'Augusta')
    await office.rename(bob, 'Robert')
    await office.addCustomer()
    await office.rename(bob, 'Rob')
    await receiver.until(2)

    assert.deepEqual(
      receiver.got.map(({ body }) => [body.type, body.data.customer_id]),
      [
        ['customer.updated', bob.id],
        ['customer.updated', bob.id],
      ],
    )
  })

  it('sign with both secrets after a rotation, and with one when the time is over', async () => {
    let now = Date.now()
    await using office = await openPostOffice(engine, { clock: () => new Date(now) })
    const { receiver } = office
    const { id, secret } = await office.subscribe(['customer.created'])
    const rotated = await office.ask(`POST /api/v1/webhooks/${id}/rotate-secret`, {
      keep_previous_hours: 1,
    })
    assert.notEqual(rotated.data.secret, secret)

    const signatures = (got: Got, by: string) => {
      const key = Buffer.from(by.replace('whsec_', ''), 'base64')
      const content = `${got.headers['webhook-id']}.${got.headers['webhook-timestamp']}.${got.text}`
      const own = `v1,${createHmac('sha256', key).update(content).digest('base64')}`
      return got.headers['webhook-signature']?.split(' ').includes(own)
    }
    await office.addCustomer()
    await receiver.until(1)
    assert.ok(signatures(receiver.got[0] as Got, secret))
    assert.ok(signatures(receiver.got[0] as Got, rotated.data.secret))

    now += 2 * 60 * 60_000
    await office.addCustomer()
    await receiver.until(2)
    assert.ok(!signatures(receiver.got[1] as Got, secret))
    assert.ok(signatures(receiver.got[1] as Got, rotated.data.secret))
  })

  it('are tried out by a test that says what came back', async () => {
    await using office = await openPostOffice(engine)
    const { id } = await office.subscribe(['order.*'])
    office.receiver.answer = (_, response) => void response.writeHead(200).end('thank you')

    const { status, data } = await office.ask(`POST /api/v1/webhooks/${id}/test`, {})
    assert.equal(status, 202)
    const read = async () => (await office.ask(`GET /api/v1/webhooks/deliveries/${data.id}`)).data
    await office.eventually(async () => (await read()).status === 'delivered')

    assert.deepEqual(office.receiver.types, ['webhook.test'])
    assert.equal((await read()).tries[0].response.body, 'thank you')
  })
})
