import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { everyTable } from '../faces/secrets.ts'
import {
  available,
  choice,
  completion,
  creation,
  isLate,
  LATEST,
  openShop,
  PROOF,
  speaker,
  totalOf,
  VERSIONS,
} from './speaking.ts'

onEveryEngine('the whole story in every version of ACP', (engine) => {
  for (const version of VERSIONS) {
    test(`${version}: create, read, choose, complete, and it is one paid order`, async () => {
      await using house = await openHouse(engine)
      await openShop(house)
      const ask = speaker(house, { version })
      const created = await ask('POST /checkout_sessions', creation(version))
      assert.equal(created.status, 201)
      const { id, line_items, fulfillment_options } = created.body
      assert.equal(created.body.status, 'ready_for_payment')
      const dear = fulfillment_options.at(-1)
      const chosen = choice(version, dear.id, [line_items[0].id])
      const updated = await ask(`POST /checkout_sessions/${id}`, chosen)
      assert.equal(updated.status, 200)
      const price = dear.total ?? dear.totals[0].amount
      assert.equal(totalOf(updated.body, 'fulfillment'), price)
      assert.deepEqual((await ask(`GET /checkout_sessions/${id}`)).body, updated.body)
      const done = await ask(`POST /checkout_sessions/${id}/complete`, completion(version))
      assert.equal(done.status, 200, JSON.stringify(done.body))
      assert.equal(done.body.status, 'completed')
      assert.equal(done.body.order.checkout_session_id, id)
      const order = await house.ask(`GET /api/v1/orders/${done.body.order.id}`)
      assert.equal(order.data.payment_status, 'paid')
      assert.equal(order.data.total_amount, (totalOf(updated.body, 'total') / 100).toFixed(2))
      for (const other of VERSIONS) {
        const read = await speaker(house, { version: other })(`GET /checkout_sessions/${id}`)
        assert.equal(totalOf(read.body, 'total'), totalOf(done.body, 'total'))
        assert.equal('capabilities' in read.body, isLate(other))
      }
      assert.deepEqual(await house.violations(), [])
    })

    test(`${version}: a decline, 3-D Secure, a cancel, and what is short`, async () => {
      await using house = await openHouse(engine)
      await openShop(house, { TEA: 3 })
      const ask = speaker(house, { version })
      const { id } = (await ask('POST /checkout_sessions', creation(version))).body
      const complete = (token: string, more: object = {}) =>
        ask(`POST /checkout_sessions/${id}/complete`, completion(version, token, more))
      const no = await complete('pm_test_declined')
      assert.equal(no.status, 200)
      assert.equal(no.body.status, 'ready_for_payment')
      assert.equal(no.body.messages[0].code, 'payment_declined')
      assert.equal('order' in no.body, false)
      if (version === '2025-09-29') {
        assert.equal((await complete('pm_test_3ds')).body.status, 'not_ready_for_payment')
      } else {
        const asked = await complete('pm_test_3ds')
        assert.equal(asked.body.status, 'authentication_required')
        assert.ok(asked.body.authentication_metadata)
        const bare = await complete('pm_test_3ds')
        assert.deepEqual([bare.status, bare.body.code], [400, 'requires_3ds'])
        const paid = await complete('pm_test_3ds', { authentication_result: PROOF })
        assert.equal(paid.body.status, 'completed')
      }
      const short = creation(version, [{ id: 'TEA', quantity: 5 }])
      const other = (await ask('POST /checkout_sessions', short)).body
      assert.equal(other.status, 'not_ready_for_payment')
      assert.equal(other.messages[0].type, 'error')
      const given = await ask(`POST /checkout_sessions/${other.id}/cancel`)
      assert.deepEqual([given.status, given.body.status], [200, 'canceled'])
      const again = await ask(`POST /checkout_sessions/${other.id}/cancel`)
      assert.equal(again.status, 405)
      assert.equal(await available(house, 'TEA'), 3)
      assert.deepEqual(await house.violations(), [])
    })
  }

  test('a payer is authenticated in the browser that their agent or its request tells of', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const headers = {
      'user-agent': 'Shopper/2',
      'accept-language': 'de-AT,de;q=0.8',
      accept: 'a/b',
    }
    const seen = { accept_header: 'a/b', language: 'de-AT', user_agent: 'Shopper/2' }
    const risk_signals = { ip_address: '203.0.113.9', accept_language: 'fr', user_agent: 'Mozilla' }
    const said = { ip_address: '203.0.113.9', language: 'fr', user_agent: 'Mozilla' }
    const told: Record<string, object> = {
      '2025-12-12': { ...seen, ip_address: '127.0.0.1' },
      '2026-01-16': { ...seen, ip_address: '127.0.0.1' },
      '2026-01-30': { ...seen, ...said },
    }
    for (const [version, browser] of Object.entries(told)) {
      const ask = speaker(house, { version })
      const { id } = (await ask('POST /checkout_sessions', creation(version))).body
      const more = isLate(version) ? { risk_signals } : {}
      const wanted = completion(version, 'pm_test_3ds', more)
      const { body } = await ask(`POST /checkout_sessions/${id}/complete`, wanted, { headers })
      const { channel } = body.authentication_metadata
      const expected = { type: 'browser', browser: { ...browser, javascript_enabled: false } }
      assert.deepEqual(channel, expected, version)
      const read = (await ask(`GET /checkout_sessions/${id}`)).body
      assert.deepEqual(read.authentication_metadata.channel, channel)
      const latest = (await ask(`GET /checkout_sessions/${id}`, undefined, { version: LATEST }))
        .body
      assert.equal(latest.authentication_metadata.channel, undefined)
      const proven = completion(version, 'pm_test_3ds', { authentication_result: PROOF })
      const done = await ask(`POST /checkout_sessions/${id}/complete`, proven, { headers })
      assert.equal(done.body.status, 'completed')
    }
    const sessions = (await everyTable(house)).get('agent_sessions') ?? ''
    assert.doesNotMatch(
      sessions,
      /Mozilla|Shopper|203\.0\.113/,
      'it is known no longer than needed',
    )
    assert.deepEqual(await house.violations(), [])
  })
})
