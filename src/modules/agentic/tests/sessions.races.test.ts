import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { endDueSessions } from '#modules/agentic'
import { sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { letTimePass } from '../../../../tests/crash/death.ts'
import { purgeSessions } from '../purge.ts'
import { asAgent, available, books, movableClock, openShop, ready } from './agent.ts'

const CLICKS = 50
const PAYMENT = { payment: { token: 'pm_test_success' } }

onEveryEngine('what must happen once', (engine) => {
  test(`${CLICKS} completes at the same moment make one order and one charge`, async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ask = asAgent(house)
    const { id } = (await ask('POST', ready())).data
    const shared = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: CLICKS }, (_, nth) => {
        const key = nth % 2 === 0 ? shared : randomUUID()
        return ask(`POST /${id}/complete`, PAYMENT, { 'idempotency-key': key })
      }),
    )
    const told = new Set(
      answers.map(({ status, data, error }) => data?.status ?? error?.code ?? status),
    )
    const expected = ['completed', 'complete_in_progress', 'IDEMPOTENCY_IN_PROGRESS']
    assert.ok(
      [...told].every((one) => expected.includes(one)),
      [...told].join(),
    )
    const [order, ...others] = await books(house)
    assert.equal(others.length, 0)
    assert.equal(order.payments.length, 1)
    assert.equal((await ask(`GET /${id}`)).data.order.id, order.id)
    assert.equal(await available(house, 'MUG'), 98)
    assert.deepEqual(await house.violations(), [])
  })

  test('the last units go to as many sessions as there are', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: 6 })
    const ask = asAgent(house)
    const made = await Promise.all(Array.from({ length: 8 }, () => ask('POST', ready())))
    const can = made.filter(({ data }) => data.status === 'ready_for_payment')
    assert.equal(can.length, 3)
    assert.equal(await available(house, 'MUG'), 0)
    assert.deepEqual(await house.violations(), [])
  })

  test('updates, a cancel and completes in a crowd leave one outcome', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ask = asAgent(house)
    const { id } = (await ask('POST', ready())).data
    const more = (quantity: number) => ask(`POST /${id}`, { items: [{ id: 'MUG', quantity }] })
    await Promise.all([
      more(3),
      ask(`POST /${id}/complete`, PAYMENT),
      more(4),
      ask(`POST /${id}/cancel`, {}),
      ask(`POST /${id}/complete`, PAYMENT),
      more(5),
    ])
    const { data } = await ask(`GET /${id}`)
    const orders = await books(house)
    const left = await available(house, 'MUG')
    if (data.status === 'completed') {
      assert.equal(orders.length, 1)
      assert.equal(left, 100 - data.lines[0].quantity)
    } else {
      assert.deepEqual([data.status, orders.length, left], ['canceled', 0, 100])
    }
    assert.deepEqual(await house.violations(), [])
  })

  test('a session whose time is over gives its units back and cannot be completed', async () => {
    const time = movableClock()
    await using house = await openHouse(engine, { clock: time.clock })
    await openShop(house)
    const ask = asAgent(house)
    const { id } = (await ask('POST', ready())).data
    time.pass(31)
    assert.equal((await ask(`GET /${id}`)).data.status, 'expired')
    const late = await ask(`POST /${id}/complete`, PAYMENT)
    assert.equal(late.error.code, 'AGENT_SESSION_ENDED')
    await endDueSessions(systemProcess(house.app))
    assert.equal(await available(house, 'MUG'), 100)
    assert.equal((await books(house)).length, 0)
    assert.deepEqual(await house.violations(), [])
    time.pass(31 * 24 * 60)
    await systemProcess(house.app).transaction(purgeSessions)
    assert.equal((await ask(`GET /${id}`)).status, 404)
  })

  test('3-D Secure that nobody finishes ends with its session', async () => {
    const time = movableClock()
    await using house = await openHouse(engine, { clock: time.clock })
    await openShop(house)
    const ask = asAgent(house)
    const { id } = (await ask('POST', ready())).data
    await ask(`POST /${id}/complete`, { payment: { token: 'pm_test_3ds' } })
    time.pass(31)
    await endDueSessions(systemProcess(house.app))
    assert.equal((await ask(`GET /${id}`)).data.status, 'expired')
    assert.equal(await available(house, 'MUG'), 100)
    assert.deepEqual(await house.violations(), [])
  })

  test('a provider that breaks off: what was charged is found, what was not can be paid', async () => {
    const time = movableClock()
    await using house = await openHouse(engine, { clock: time.clock })
    await openShop(house)
    const ask = asAgent(house)
    const sweep = async () => {
      await letTimePass(engine, house.url)
      await sweepPayments(systemProcess(house.app))
    }
    const begin = async (token: string) => {
      const { id } = (await ask('POST', ready())).data
      const lost = await ask(`POST /${id}/complete`, { payment: { token } })
      assert.equal(lost.data.status, 'complete_in_progress')
      return id as string
    }
    const charged = await begin('pm_test_timeout_after_charge')
    time.pass(31)
    await endDueSessions(systemProcess(house.app))
    assert.equal((await ask(`GET /${charged}`)).data.status, 'complete_in_progress')
    assert.equal((await ask(`POST /${charged}/cancel`, {})).error.code, 'AGENT_SESSION_BUSY')
    await sweep()
    assert.equal((await ask(`GET /${charged}`)).data.status, 'completed')

    const down = await begin('pm_test_timeout_before_charge')
    await sweep()
    const again = (await ask(`GET /${down}`)).data
    assert.deepEqual(
      [again.status, again.messages[0].code, again.order],
      ['ready_for_payment', 'payment_declined', null],
    )
    assert.equal((await ask(`POST /${down}/complete`, PAYMENT)).data.status, 'completed')
    const paid = (await books(house)).filter(({ payment_status }) => payment_status === 'paid')
    assert.equal(paid.length, 2)
    assert.equal(await available(house, 'MUG'), 96)
    assert.deepEqual(await house.violations(), [])
  })

  test('news of the provider that come before its answer, twice or late complete it once', async () => {
    const settings = { payment_webhook_secret: 'of the provider and this shop' }
    await using house = await openHouse(engine, { settings })
    await openShop(house)
    const ask = asAgent(house)
    for (const when of ['before', 'twice', 'late']) {
      const token = `pm_test_webhook_${when}`
      const { id } = (await ask('POST', ready([{ id: 'MUG', quantity: 1 }]))).data
      const told = await ask(`POST /${id}/complete`, { payment: { token } })
      assert.equal(told.status, 200, JSON.stringify(told.body))
      const session = async () => (await ask(`GET /${id}`)).data
      const end = Date.now() + 60_000
      while ((await session()).status !== 'completed') {
        assert.ok(Date.now() < end, `${token} was never completed`)
        await pause(20)
      }
      const { data } = await house.ask(`GET /api/v1/payments/order/${(await session()).order.id}`)
      assert.equal(data.length, 1, token)
    }
    assert.equal((await books(house)).length, 3)
    assert.equal(await available(house, 'MUG'), 97)
    const completed = (await house.events()).filter((name) => name === 'agent_session.completed')
    assert.equal(completed.length, 3)
    assert.deepEqual(await house.violations(), [])
  })
})
