import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type PaymentProvider, paymentProviders } from '#modules/payments'
import { type House, onEveryEngine, openHouse } from '#testing'
import { completion, creation, LATEST, openShop, speaker, VERSIONS } from './speaking.ts'

const SESSIONS = 'POST /checkout_sessions'

onEveryEngine('the keys of requests of agents', (engine) => {
  let house: House
  let ask: ReturnType<typeof speaker>
  before(async () => {
    house = await openHouse(engine)
    await openShop(house, { MUG: 1_000 })
    ask = speaker(house)
  })
  after(async () => {
    assert.deepEqual(await house.violations(), [])
    await house.close()
  })
  const orders = async () => (await house.ask('GET /api/v1/orders?limit=100')).data.items.length

  test('D-43 while a completion runs, its key is told so, and when to ask again', async () => {
    const { id } = (await ask(SESSIONS, creation(LATEST))).body
    const before = await orders()
    const key = randomUUID()
    const complete = () =>
      ask(`POST /checkout_sessions/${id}/complete`, completion(LATEST), { key })
    const gate = Promise.withResolvers<void>()
    const asked = holdCharges(house, gate.promise)
    const first = complete()
    await asked
    const second = await complete()
    assert.deepEqual([second.status, second.body.code], [409, 'idempotency_in_flight'])
    assert.ok(Number(second.headers['retry-after']) >= 1)
    gate.resolve()
    const done = await first
    assert.deepEqual([done.status, done.body.status], [200, 'completed'])
    const replayed = await complete()
    assert.deepEqual([replayed.status, replayed.body], [200, done.body])
    assert.equal(replayed.headers['idempotent-replayed'], 'true')
    assert.equal(await orders(), before + 1)
  })

  test('D-44 what ended in a fault of ours is done afresh under the same key', async () => {
    for (const version of VERSIONS) {
      const key = randomUUID()
      const { write } = house.app.database
      house.app.database.write = () => Promise.reject(new Error('the disk is full'))
      const failed = await ask(SESSIONS, creation(version), { key, version })
      house.app.database.write = write
      assert.deepEqual([failed.status, failed.body.type], [500, 'processing_error'])
      assert.equal(JSON.stringify(failed.body).includes('disk'), false)
      const made = await ask(SESSIONS, creation(version), { key, version })
      assert.deepEqual([made.status, made.headers['idempotent-replayed']], [201, undefined])
      const again = await ask(SESSIONS, creation(version), { key, version })
      assert.deepEqual([again.body, again.headers['idempotent-replayed']], [made.body, 'true'])
    }
  })

  test('each version has its own rules: a key is wanted since 2026-04-17, and its version counts', async () => {
    for (const version of VERSIONS) {
      const bare = await ask(SESSIONS, creation(version), { key: null, version })
      assert.equal(bare.status, version === LATEST ? 400 : 201)
      const key = randomUUID()
      const first = await ask(SESSIONS, creation(version), { key, version })
      const replayed = await ask(SESSIONS, creation(version), { key, version })
      assert.deepEqual([replayed.status, replayed.body], [201, first.body])
      const other = creation(version, [{ id: 'TEA', quantity: 1 }])
      const conflict = await ask(SESSIONS, other, { key, version })
      assert.deepEqual(
        [conflict.status, conflict.body.type],
        version === LATEST ? [422, 'invalid_request'] : [409, 'request_not_idempotent'],
      )
      assert.equal(conflict.body.code, 'idempotency_conflict')
    }
    const key = randomUUID()
    await ask(SESSIONS, creation('2025-12-12'), { key, version: '2025-12-12' })
    const later = await ask(SESSIONS, creation('2025-12-12'), { key, version: '2026-01-16' })
    assert.deepEqual([later.status, later.body.code], [409, 'idempotency_conflict'])
  })

  test('keys that are too long or not to be printed are refused, and 255 characters are not', async () => {
    const create = (key: string) => ask(SESSIONS, creation(LATEST), { key })
    assert.equal((await create('k'.repeat(255))).status, 201)
    for (const key of ['k'.repeat(256), 'two words']) {
      const answer = await create(key)
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_idempotency_key'])
    }
  })
})

/** Makes the provider wait with charges; answers once it is asked for the first. */
function holdCharges(house: House, until: Promise<void>): Promise<void> {
  const providers = paymentProviders.of(house.app)
  const active = providers.active as PaymentProvider
  const asked = Promise.withResolvers<void>()
  const slow = new Proxy(active, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (name !== 'sale') return typeof member === 'function' ? member.bind(target) : member
      return async (request: never) => {
        asked.resolve()
        await until
        return target.sale(request)
      }
    },
  })
  paymentProviders.provide(house.app, { ...providers, active: slow, named: () => slow })
  return asked.promise
}
