import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { it } from 'node:test'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { type QueuedDelivery, queueDelivery } from '../queue.ts'
import { openPostOffice } from './post-office.ts'

onEveryEngine('what a protocol has to tell', (engine) => {
  it('goes out signed its way, once for each event, in order, and stands in the log', async () => {
    await using office = await openPostOffice(engine)
    const { receiver } = office
    const partner: QueuedDelivery = {
      channel: 'acp',
      url: receiver.url,
      secret: 'a secret between the two of us',
      signing: 'acp',
      type: 'order_create',
      entity_type: 'order',
      entity_id: 'order-1',
      event_id: 'event-1',
      body: { type: 'order_create', data: { id: 'order-1' } },
    }
    const update = { ...partner, type: 'order_update', event_id: 'event-2', body: { type: 'u' } }
    const queue = (one: QueuedDelivery) =>
      transactAsSystem(office.app, (ctx) => queueDelivery(ctx, one), 'read committed')
    await queue(partner)
    await queue(partner)
    await queue(update)
    await receiver.until(2)

    const [{ headers, text }] = receiver.got as [(typeof receiver.got)[number]]
    assert.deepEqual(JSON.parse(text), partner.body)
    const [, time = '', v1] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['merchant-signature'] ?? '') ?? []
    assert.equal(v1, createHmac('sha256', partner.secret).update(`${time}.${text}`).digest('hex'))
    assert.deepEqual(receiver.types, ['order_create', 'u'])

    const { data } = await office.ask('GET /api/v1/webhooks?channel=acp')
    assert.equal(data.items.length, 1)
    const [endpoint] = data.items
    const change = await office.ask(`PATCH /api/v1/webhooks/${endpoint.id}`, { events: ['*'] })
    assert.equal(change.error.code, 'WEBHOOK_OF_A_PROTOCOL')
    const log = await office.deliveries(`&webhook_id=${endpoint.id}`)
    assert.deepEqual(
      log.map(({ type, purpose }: { type: string; purpose: string }) => [type, purpose]),
      [
        ['order_create', 'queued'],
        ['order_update', 'queued'],
      ],
    )
    assert.deepEqual(await office.violations(), [])
  })

  it('is not sent if what it tells of is undone', async () => {
    await using office = await openPostOffice(engine)
    const undone = transactAsSystem(office.app, async (ctx) => {
      await queueDelivery(ctx, {
        channel: 'ucp',
        url: office.receiver.url,
        secret: '{}',
        signing: 'ucp',
        type: 'order',
        entity_type: 'order',
        entity_id: 'order-1',
        event_id: 'event-1',
        body: {},
      })
      throw new Error('undone')
    })
    await assert.rejects(undone, /undone/)
    assert.deepEqual(await office.deliveries(), [])
    assert.deepEqual((await office.ask('GET /api/v1/webhooks')).data.items, [])
  })
})
