import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openPostOffice } from './post-office.ts'
import type { Got } from './receiver.ts'

const entities = (got: readonly Got[]) =>
  got.map(({ body }) => `${body.entity.id} ${body.entity.sequence}`)

// Apart from tests that move the clock: ids never go back in a process, and a range is read by ids.
onEveryEngine('webhook replays', (engine) => {
  it('are sent again one by one, or for a time that lies before the webhook', async () => {
    await using office = await openPostOffice(engine)
    const { receiver } = office
    const from = new Date(Date.now() - 1000).toISOString()
    const ada = await office.addCustomer()
    await office.rename(ada, 'Augusta')
    const { id } = await office.subscribe(['customer.*'])

    const replay = await office.ask(`POST /api/v1/webhooks/${id}/replays`, { what: 'range', from })
    assert.equal(replay.status, 202, JSON.stringify(replay.error))
    await receiver.until(2)
    assert.deepEqual(entities(receiver.got), [`${ada.id} 1`, `${ada.id} 2`])

    await office.eventually(async () => (await office.deliveries('&status=delivered')).length === 2)
    const [first] = await office.deliveries()
    const again = await office.ask(`POST /api/v1/webhooks/deliveries/${first.id}/replay`, {})
    assert.deepEqual([again.status, again.data.replay_of], [201, first.id])
    await receiver.until(3)
    assert.deepEqual(receiver.got[2]?.headers['webhook-id'], receiver.got[0]?.headers['webhook-id'])
    const { data } = await office.ask(`GET /api/v1/webhooks/${id}/replays`)
    assert.equal(data.items[0].queued, 2)
  })
})
