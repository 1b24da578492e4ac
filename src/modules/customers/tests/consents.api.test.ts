import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { NAMES, shareShop } from './buyers.ts'

onEveryEngine('consents', (engine) => {
  const shared = shareShop(engine)
  type State = { purpose: string; granted: boolean; source: string }
  const short = (states: State[]) => states.map((s) => [s.purpose, s.granted, s.source])

  it('are kept one after another; the newest of a purpose holds', async () => {
    const buyer = await shared.shop.newBuyer({ accepts_marketing: true })
    const say = (said: object) => buyer.me('POST /consents', said)
    const terms = { purpose: 'terms', granted: true, text_version: '2026-11', ip: '203.0.113.7' }
    const { status, data } = await say(terms)
    assert.equal(status, 201)
    assert.deepEqual(
      [data.number, data.source, data.ip, data.text_version, data.customer_id],
      [2, 'account', '203.0.113.7', '2026-11', buyer.id],
    )
    await say({ purpose: 'analytics', granted: true, source: 'banner' })
    await say({ purpose: 'analytics', granted: false })
    const now = await buyer.me('GET /consents/current')
    assert.deepEqual(short(now.data), [
      ['analytics', false, 'account'],
      ['marketing_email', true, 'registration'],
      ['terms', true, 'account'],
    ])
    const first = await buyer.me('GET /consents?limit=3')
    assert.deepEqual(
      first.data.items.map(({ number }: { number: number }) => number),
      [4, 3, 2],
    )
    const rest = await buyer.me(`GET /consents?limit=3&cursor=${first.data.next_cursor}`)
    assert.deepEqual(short(rest.data.items), [['marketing_email', true, 'registration']])
    const wrong = await say({ purpose: 'everything', granted: true })
    assert.deepEqual([wrong.status, wrong.error.details.field], [400, 'purpose'])
  })

  it('and `accepts_marketing` are one truth, whichever way it is said', async () => {
    const { house, shop } = shared
    const buyer = await shop.newBuyer()
    const accepts = async () => (await buyer.me('GET ')).data.accepts_marketing
    const history = async () => {
      const { data } = await buyer.me('GET /consents')
      return data.items.map(({ granted, source }: State) => [granted, source])
    }
    assert.deepEqual([await accepts(), await history()], [false, []])
    await buyer.me('POST /consents', {
      purpose: 'marketing_email',
      granted: true,
      source: 'footer',
    })
    assert.equal(await accepts(), true)
    await buyer.me('PUT ', { accepts_marketing: false })
    await buyer.me('PUT ', { accepts_marketing: false, phone: '+44 1' })
    await house.ask(`PUT /api/v1/customers/${buyer.id}`, { accepts_marketing: true })
    await house.ask(`POST /api/v1/customers/${buyer.id}/consents`, {
      purpose: 'marketing_email',
      granted: false,
    })
    assert.equal(await accepts(), false)
    assert.deepEqual(await history(), [
      [false, 'staff'],
      [true, 'staff'],
      [false, 'account'],
      [true, 'footer'],
    ])
    const entered = { ...NAMES, email: shop.newEmail(), accepts_marketing: true }
    const { data } = await house.ask('POST /api/v1/customers', entered)
    const now = await house.ask(`GET /api/v1/customers/${data.id}/consents/current`)
    assert.deepEqual(short(now.data), [['marketing_email', true, 'staff']])
  })

  it('said at once are all kept, and one of them is the last word', async () => {
    const buyer = await shared.shop.newBuyer()
    const said = await Promise.all(
      [true, false, true, false, true, false].map((granted) =>
        buyer.me('POST /consents', { purpose: 'marketing_email', granted }),
      ),
    )
    assert.ok(said.every(({ status }) => status === 201))
    const more = await Promise.all(
      [1, 2, 3, 4].map(() => buyer.me('POST /consents', { purpose: 'terms', granted: true })),
    )
    assert.ok(more.every(({ status }) => status === 201))
    assert.equal((await buyer.me('GET /consents')).data.total, 10)
    assert.deepEqual(await shared.house.violations(), [])
  })

  it('of others are not there', async () => {
    const ada = await shared.shop.newBuyer()
    const eve = await shared.shop.newBuyer()
    const path = `/api/v1/customers/${ada.id}/consents`
    for (const [route, body] of [
      [`GET ${path}`],
      [`GET ${path}/current`],
      [`POST ${path}`, { purpose: 'terms', granted: true }],
    ] as [string, object?][]) {
      assert.equal((await shared.shop.ask(route, body, eve.headers)).status, 404, route)
    }
  })
})
