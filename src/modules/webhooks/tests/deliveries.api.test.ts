import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { TRIES_MAX } from '../retry.ts'
import { openPostOffice } from './post-office.ts'
import type { Got } from './receiver.ts'

const HOUR_MS = 60 * 60_000
const entities = (got: readonly Got[]) =>
  got.map(({ body }) => `${body.entity.id} ${body.entity.sequence}`)

onEveryEngine('webhook deliveries', (engine) => {
  it('of one entity keep their order behind one that fails; others are not kept waiting', async () => {
    await using office = await openPostOffice(engine)
    const { receiver } = office
    await office.subscribe(['customer.*'])
    const ada = await office.addCustomer()
    await receiver.until(1)
    receiver.answer = ({ body }, response) =>
      void response.writeHead(body.entity.id === ada.id ? 500 : 204).end()

    for (const name of ['Augusta', 'Ada', 'Countess']) await office.rename(ada, name)
    const bob = await office.addCustomer()
    await office.rename(bob, 'Robert')
    await receiver.until(
      () => receiver.got.filter(({ body }) => body.entity.id === bob.id).length === 2,
    )
    await office.eventually(async () =>
      (await office.deliveries()).some(
        ({ error }: { error: string }) => error === 'It answered 500.',
      ),
    )
    const failed = receiver.got.filter(({ body }) => body.entity.id === ada.id).slice(1)
    assert.deepEqual([...new Set(entities(failed))], [`${ada.id} 2`])

    receiver.got.length = 0
    receiver.answer = (_, response) => void response.writeHead(204).end()
    await office.letPausesPass()
    await receiver.until(3)
    assert.deepEqual(entities(receiver.got), [`${ada.id} 2`, `${ada.id} 3`, `${ada.id} 4`])
    assert.equal(receiver.got[0]?.body.delivery_id, failed[0]?.body.delivery_id)
    assert.deepEqual(await office.violations(), [])
  })

  it('are tried for days, given up, and then no longer in the way; replayed they arrive', async () => {
    let now = Date.now()
    await using office = await openPostOffice(engine, {
      clock: () => new Date(now),
      settings: { webhook_pause_after_hours: 8760 },
    })
    const { receiver } = office
    const { id } = await office.subscribe(['customer.*'])
    receiver.answer = ({ body }, response) =>
      void response.writeHead(body.entity.sequence === 1 ? 503 : 204).end()
    const ada = await office.addCustomer()
    await office.rename(ada, 'Augusta')
    for (let tries = 1; tries < TRIES_MAX; tries++) {
      await office.eventually(async () => {
        const [first] = await office.deliveries()
        return first?.attempts === tries && first.status === 'pending'
      })
      now += 30 * HOUR_MS
    }
    await office.eventually(async () => (await office.deliveries())[0]?.status === 'failed')
    // An endpoint that only fails is given a rest now and then.
    now += 30_000
    await office.eventually(async () => {
      const statuses = (await office.deliveries()).map(({ status }: { status: string }) => status)
      return statuses.join() === 'failed,delivered'
    })
    const [given_up] = await office.deliveries()
    assert.equal(given_up.attempts, TRIES_MAX)
    assert.deepEqual(receiver.types.slice(-2), ['customer.created', 'customer.updated'])

    receiver.answer = (_, response) => void response.writeHead(204).end()
    const replay = await office.ask(`POST /api/v1/webhooks/${id}/replays`, { what: 'failed' })
    assert.equal(replay.status, 202)
    const told = async () =>
      (await office.ask(`GET /api/v1/webhooks/replays/${replay.data.id}`)).data
    await office.eventually(async () => (await told()).status === 'done')
    assert.deepEqual([(await told()).total, (await told()).queued], [1, 1])
    await receiver.until(() => receiver.got.at(-1)?.body.type === 'customer.created')
    assert.equal(receiver.got.at(-1)?.headers['webhook-id'], given_up.message_id)
    assert.notEqual(receiver.got.at(-1)?.body.delivery_id, given_up.id)
    const again = await office.ask(`POST /api/v1/webhooks/${id}/replays`, { what: 'failed' })
    assert.equal(again.data.total, 0, 'what was replayed is not replayed twice')
    assert.deepEqual(await office.violations(), [])
  })

  it('stop when nothing has succeeded for days; nothing is lost when they go on', async () => {
    let now = Date.now()
    await using office = await openPostOffice(engine, { clock: () => new Date(now) })
    const { receiver } = office
    const { id } = await office.subscribe(['customer.*'])
    receiver.answer = (_, response) => void response.writeHead(500).end()
    const ada = await office.addCustomer()
    const status = async () => (await office.ask(`GET /api/v1/webhooks/${id}`)).data
    for (let tries = 1; (await status()).status === 'active'; tries++) {
      await office.eventually(async () => {
        const [first] = await office.deliveries()
        return first?.attempts >= tries && first.status !== 'sending'
      })
      now += 26 * HOUR_MS
      assert.ok(tries < TRIES_MAX, 'it was never paused')
    }
    assert.equal((await status()).pause_reason, 'failing')
    assert.ok((await office.events()).includes('webhook.paused'))

    await office.rename(ada, 'Augusta')
    receiver.got.length = 0
    receiver.answer = (_, response) => void response.writeHead(204).end()
    await office.ask(`POST /api/v1/webhooks/${id}/resume`, {})
    await receiver.until(2)
    assert.deepEqual(entities(receiver.got), [`${ada.id} 1`, `${ada.id} 2`])
    await office.eventually(async () => (await status()).failures === 0)
  })

  it('stop at once when the receiver says that it is gone; skipping leaves out what waited', async () => {
    await using office = await openPostOffice(engine)
    const { receiver } = office
    const { id } = await office.subscribe(['customer.*'])
    receiver.answer = (_, response) => void response.writeHead(410).end()
    await office.addCustomer()
    const read = async () => (await office.ask(`GET /api/v1/webhooks/${id}`)).data
    await office.eventually(async () => (await read()).pause_reason === 'gone')

    receiver.answer = (_, response) => void response.writeHead(204).end()
    await office.addCustomer()
    await office.ask(`POST /api/v1/webhooks/${id}/resume`, { skip: true })
    receiver.got.length = 0
    const last = await office.addCustomer()
    await receiver.until(1)
    assert.deepEqual(entities(receiver.got), [`${last.id} 1`])
    assert.deepEqual(await office.violations(), [])
  })

  it('can be taken off, so that what stands behind goes on', async () => {
    await using office = await openPostOffice(engine)
    const { receiver } = office
    await office.subscribe(['customer.*'])
    receiver.answer = ({ body }, response) =>
      void response.writeHead(body.entity.sequence === 1 ? 400 : 204).end()
    const ada = await office.addCustomer()
    await office.rename(ada, 'Augusta')
    await office.eventually(
      async () => (await office.deliveries())[0]?.error === 'It answered 400.',
    )

    const [first] = await office.deliveries()
    assert.equal((await office.ask(`DELETE /api/v1/webhooks/deliveries/${first.id}`)).status, 204)
    await receiver.until(() => receiver.types.at(-1) === 'customer.updated')
    assert.equal((await office.ask(`DELETE /api/v1/webhooks/deliveries/${first.id}`)).status, 409)
  })

  it('are cleared away when they are old, and what waits is not', async () => {
    let now = Date.now()
    await using office = await openPostOffice(engine, { clock: () => new Date(now) })
    const { receiver } = office
    await office.subscribe(['customer.*'])
    receiver.answer = ({ body }, response) =>
      void response.writeHead(body.entity.sequence === 1 ? 204 : 500).end()
    const ada = await office.addCustomer()
    await office.rename(ada, 'Augusta')
    await office.eventually(async () => (await office.deliveries())[1]?.response_status === 500)
    const { purgeDeliveries } = await import('../purge.ts')
    const { systemProcess } = await import('#platform/execute')

    now += 31 * 24 * HOUR_MS
    await purgeDeliveries.run(systemProcess(office.app))
    const left = await office.deliveries()
    assert.deepEqual(
      left.map(({ sequence }: { sequence: number }) => sequence),
      [2],
    )
    assert.deepEqual(await office.violations(), [])
  })
})
