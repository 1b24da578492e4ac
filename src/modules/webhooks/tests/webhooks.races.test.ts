import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { claim, dueWebhooks } from '../dispatch/claim.ts'
import { fanOut } from '../fan-out.ts'
import { openPostOffice } from './post-office.ts'

const CUSTOMERS = 25

onEveryEngine('webhooks of several processes', (engine) => {
  it('are made once for each event, sent in order, and none is left out', async () => {
    await using office = await openPostOffice(engine)
    const others = [
      await openPostOffice(engine, { at: office.url }),
      await openPostOffice(engine, { at: office.url }),
    ]
    const houses = [office, ...others]
    try {
      await office.subscribe(['customer.*'])
      const one = async (nth: number) => {
        const house = houses[nth % houses.length] ?? office
        const customer = await house.addCustomer()
        await house.rename(customer, 'Augusta')
        await (houses[(nth + 1) % houses.length] ?? office).rename(customer, 'Countess')
      }
      await Promise.all(Array.from({ length: CUSTOMERS }, (_, nth) => one(nth)))
      const { receiver } = office
      const distinct = () => new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size
      await receiver.until(() => distinct() >= CUSTOMERS * 3)

      assert.equal(receiver.got.length, CUSTOMERS * 3, 'nothing failed, so nothing comes twice')
      const byEntity = Map.groupBy(receiver.got, ({ body }) => body.entity.id)
      for (const got of byEntity.values()) {
        assert.deepEqual(
          got.map(({ body }) => body.entity.sequence),
          [1, 2, 3],
        )
      }
    } finally {
      for (const house of others) await house.close()
    }
    assert.deepEqual(await office.violations(), [])
  })

  it('make one delivery of an event, however many decide at once', async () => {
    await using office = await openPostOffice(engine)
    await office.subscribe(['customer.*'])
    office.receiver.answer = (_, response) => void response.writeHead(500).end()
    await office.addCustomer()
    const turn = () => transactAsSystem(office.app, fanOut, 'read committed')
    await Promise.all(Array.from({ length: 8 }, turn))
    await office.eventually(async () => (await office.deliveries()).length > 0)
    assert.equal((await office.deliveries()).length, 1)
  })

  it('that a dead process held are sent by another one, as the same delivery', async () => {
    let now = Date.now()
    await using office = await openPostOffice(engine, { clock: () => new Date(now) })
    const { id } = await office.subscribe(['customer.*'])
    const { data } = await office.ask(`POST /api/v1/webhooks/${id}/pause`, {})
    assert.equal(data.status, 'paused')
    await office.addCustomer()
    // Resumed with nobody at work but this test: it takes the delivery up, and never says more.
    await office.ask(`POST /api/v1/webhooks/${id}/resume`, {})
    office.receiver.answer = (_, response) => void response.writeHead(500).end()
    await office.eventually(async () => (await office.deliveries())[0]?.response_status === 500)
    await office.letPausesPass()
    const held = await transactAsSystem(
      office.app,
      (ctx) => claim(ctx, { webhook_id: id, limit: 10 }),
      'read committed',
    )
    const [first] = held?.claimed ?? []
    if (first) {
      assert.deepEqual(await readAsSystem(office.app, dueWebhooks), [], 'nobody else takes it')
      office.receiver.answer = (_, response) => void response.writeHead(204).end()
      now += 61_000
    }
    office.receiver.answer = (_, response) => void response.writeHead(204).end()
    await office.letPausesPass()
    await office.eventually(async () => (await office.deliveries())[0]?.status === 'delivered')
    const ids = new Set(office.receiver.got.map(({ body }) => body.delivery_id))
    assert.equal(ids.size, 1)
  })
})
