import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { type Mall, openMall } from '../../agents/tests/mall.ts'
import { ready } from './agent.ts'

const TOKEN = 'pm_test_success'

onEveryEngine('what an agent may spend holds for its sessions', (engine) => {
  let mall: Mall
  before(async () => {
    mall = await openMall(engine)
    await mall.stock(['MUG', 'PEN', 'CUP'])
  })
  after(() => mall[Symbol.asyncDispose]())

  /** An agent with these limits, and how it buys so many mugs at 10.00. */
  async function hire(limits: object[]) {
    const { id: api_key_id, as } = await mall.key(['agentic:use'])
    const agent = await mall.made('POST /api/v1/agents', { name: 'Ada’s', api_key_id, limits })
    const ask = (path: string, body?: object) =>
      mall.ask(`POST /api/v1/agentic/sessions${path}`, body, as)
    const open = async (quantity: number, id = 'MUG') => {
      const { data } = await ask('', ready([{ id, quantity }]))
      assert.equal(data.status, 'ready_for_payment', JSON.stringify(data.messages))
      return data.id as string
    }
    const complete = (id: string, token = TOKEN, more: object = {}) =>
      ask(`/${id}/complete`, { payment: { token }, ...more })
    const spent = async () =>
      (await mall.made(`GET /api/v1/agents/${agent.id}`)).limits[0].spent_today
    return { agent, ask, open, complete, spent }
  }

  test('of one session, and of a day; what is too much makes no order', async () => {
    const agent = await hire([{ currency: 'usd', per_cart: '30.00', per_day: '50.00' }])
    const much = await agent.open(4)
    const refused = await agent.complete(much)
    assert.deepEqual([refused.status, refused.error.code], [403, 'AGENT_LIMIT_EXCEEDED'])
    assert.match(refused.error.message, /30\.00 USD into a cart/)
    assert.equal(await agent.spent(), '0.00')
    assert.equal((await agent.ask(`/${much}`, { codes: [] })).data.status, 'ready_for_payment')

    const first = await agent.open(3)
    assert.equal((await agent.complete(first)).data.status, 'completed')
    assert.equal((await agent.complete(first)).data.status, 'completed')
    assert.equal(await agent.spent(), '30.00')
    const second = await agent.complete(await agent.open(3))
    assert.match(second.error.message, /50\.00 USD into a day/)
    mall.pass(1)
    assert.equal((await agent.complete(await agent.open(3))).data.status, 'completed')
  })

  test('is given back by what does not come about', async () => {
    const agent = await hire([{ currency: 'USD', per_day: '20.00' }])
    const id = await agent.open(2)
    const no = await agent.complete(id, 'pm_test_declined')
    assert.equal(no.data.status, 'ready_for_payment')
    assert.equal(await agent.spent(), '0.00')
    assert.equal((await agent.complete(id, 'pm_test_3ds')).data.status, 'authentication_required')
    assert.equal(await agent.spent(), '20.00')
    const denied = { authentication_result: { outcome: 'denied' } }
    await agent.complete(id, 'pm_test_3ds', denied)
    assert.equal(await agent.spent(), '0.00')
    await agent.complete(id, 'pm_test_3ds')
    assert.equal((await agent.ask(`/${id}/cancel`, {})).data.status, 'canceled')
    assert.equal(await agent.spent(), '0.00')
    assert.equal((await agent.complete(await agent.open(2))).data.status, 'completed')
  })

  test('holds however many sessions are completed at once', async () => {
    const agent = await hire([{ currency: 'USD', per_day: '30.00' }])
    const ids = await Promise.all(Array.from({ length: 8 }, () => agent.open(1, 'PEN')))
    const answers = await Promise.all(ids.map((id) => agent.complete(id)))
    const done = answers.filter(({ data }) => data?.status === 'completed')
    assert.equal(done.length, 3, JSON.stringify(answers.map(({ error }) => error)))
    assert.equal(await agent.spent(), '30.00')
  })

  test('holds nobody whose id is not that of a key', async () => {
    const as = { ...someoneWho('agentic:use'), kind: 'api_key' as const, id: 'api_key:somebody' }
    const ask = (path: string, body: object) =>
      mall.ask(`POST /api/v1/agentic/sessions${path}`, body, { as })
    const { data } = await ask('', ready([{ id: 'CUP', quantity: 1 }]))
    const done = await ask(`/${data.id}/complete`, { payment: { token: TOKEN } })
    assert.equal(done.data?.status, 'completed', JSON.stringify(done.body))
  })

  test('is nothing in a currency without a limit, and nothing while the agent is paused', async () => {
    const foreign = await hire([{ currency: 'EUR' }])
    const refused = await foreign.complete(await foreign.open(1, 'CUP'))
    assert.equal(refused.error.code, 'AGENT_LIMIT_EXCEEDED')
    const agent = await hire([{ currency: 'USD' }])
    const id = await agent.open(1, 'CUP')
    await mall.made(`PUT /api/v1/agents/${agent.agent.id}`, { paused: true })
    assert.equal((await agent.complete(id)).error.code, 'AGENT_PAUSED')
    await mall.made(`PUT /api/v1/agents/${agent.agent.id}`, { paused: false })
    assert.equal((await agent.complete(id)).data.status, 'completed')
  })
})
