import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import { StripeDouble } from '../doubles/stripe/server.ts'
import { completion, creation, isLate, LATEST, openShop, speaker, VERSIONS } from './speaking.ts'

const TOKEN = 'pm_card_authenticationRequired'

onEveryEngine('a provider that authenticates payers at its own page', (engine) => {
  let stripe: StripeDouble
  let house: House
  before(async () => {
    stripe = await StripeDouble.open({ clock: () => new Date() })
    house = await openHouse(engine, { settings: stripe.settings })
    await openShop(house)
  })
  after(async () => {
    assert.deepEqual(await house.violations(), [])
    await house.close()
    await stripe.close()
  })

  /** A session that waits for its payer, and its steps. */
  async function waiting(version: string = LATEST) {
    const ask = speaker(house, { version })
    const { id } = (await ask('POST /checkout_sessions', creation(version))).body
    const complete = (more: object = {}) =>
      ask(`POST /checkout_sessions/${id}/complete`, completion(version, TOKEN, more))
    const asked = await complete()
    return { ask, id, complete, asked: asked.body, status: asked.status }
  }
  const visit = (url: string, outcome = '') => fetch(`${url}${outcome}`, { redirect: 'manual' })

  test('sends them there, and is told as what each version has for that', async () => {
    const { ask, id, complete, asked, status } = await waiting()
    assert.deepEqual([status, asked.status], [200, 'requires_escalation'])
    assert.match(asked.continue_url, /^http/)
    assert.equal(asked.authentication_metadata, undefined, 'no agent can do this for them')
    const [message] = asked.messages
    assert.deepEqual([message.code, message.resolution], ['requires_3ds', 'requires_buyer_input'])
    for (const version of VERSIONS) {
      const { body } = await ask(`GET /checkout_sessions/${id}`, undefined, { version })
      const expected = isLate(version) ? 'requires_escalation' : 'not_ready_for_payment'
      assert.equal(body.status, expected)
      assert.ok(body.messages[0].content.includes(asked.continue_url))
    }
    assert.equal((await complete()).body.status, 'requires_escalation', 'they are not back yet')
    await visit(asked.continue_url)
    const done = await complete()
    assert.deepEqual([done.status, done.body.status], [200, 'completed'])
    const orders = (await house.ask('GET /api/v1/orders')).data.items
    assert.deepEqual(
      orders.map((order: any) => order.payment_status),
      ['paid'],
    )
  })

  test('lets them pay otherwise who did not pass, in an older version too', async () => {
    const { ask, id, complete, asked } = await waiting('2025-12-12')
    assert.equal(asked.status, 'not_ready_for_payment')
    const [, url = ''] = /: (\S+)\.$/.exec(asked.messages[0].content) ?? []
    await visit(url, '?outcome=failed')
    assert.equal((await complete()).body.status, 'ready_for_payment')
    const other = completion('2025-12-12', 'pm_card_visa')
    const paid = await ask(`POST /checkout_sessions/${id}/complete`, other)
    assert.equal(paid.body.status, 'completed')
  })
})
