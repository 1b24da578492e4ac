import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Actor } from '#platform/context'
import { openHouse } from '#testing'
import { agent, completion, creation, LATEST, openShop, otherAgent, speaker } from './speaking.ts'

const LIMITS = {
  rate_limit_enabled: true,
  rate_limit_requests_per_window: 2,
  agent_requests_per_minute: 6,
  agent_completions_per_minute: 2,
  agent_codes_per_minute: 1,
}
const SESSIONS = 'POST /checkout_sessions'
const STRANGER = { as: 'nobody', headers: { 'api-version': LATEST } } as const

/** A shop that counts, but not what its builder asks; and a clock. */
async function openCounting(settings: object) {
  let ahead_ms = 0
  const clock = () => new Date(Date.now() + ahead_ms)
  const built = await openHouse('sqlite')
  await openShop(built)
  const house = await openHouse('sqlite', { at: built.url, clock, settings })
  return {
    house,
    pass: (ms: number) => {
      ahead_ms += ms
    },
    async [Symbol.asyncDispose]() {
      await built.close()
    },
  }
}

describe('how often agents may ask', () => {
  test('each is counted by its key, wherever it asks from; strangers by address', async () => {
    await using counting = await openCounting(LIMITS)
    const { house, pass } = counting
    const ask = speaker(house)
    const { id } = (await ask(SESSIONS, creation(LATEST))).body
    const read = (as: Actor) => ask(`GET /checkout_sessions/${id}`, undefined, { as })
    for (let nth = 1; nth < 6; nth++) assert.equal((await read(agent)).status, 200)
    const refused = await read(agent)
    assert.deepEqual([refused.status, refused.body.code], [429, 'too_many_requests'])
    assert.ok(Number(refused.headers['retry-after']) > 0)
    assert.equal((await read(otherAgent)).status, 404, 'another agent has room of its own')
    const stranger = () => house.send(`GET /checkout_sessions/${id}`, STRANGER)
    const strangers = [await stranger(), await stranger(), await stranger()]
    assert.deepEqual(
      strangers.map(({ status }) => status),
      [401, 401, 429],
    )
    pass(60_000)
    assert.equal((await read(agent)).status, 200)
  })

  test('completions and requests with codes have less room', async () => {
    await using counting = await openCounting({ ...LIMITS, agent_requests_per_minute: 100 })
    const { house } = counting
    const ask = speaker(house)
    const { id } = (await ask(SESSIONS, creation(LATEST))).body
    const complete = (token: string) =>
      ask(`POST /checkout_sessions/${id}/complete`, completion(LATEST, token))
    assert.equal((await complete('pm_test_declined')).status, 200)
    assert.equal((await complete('pm_test_declined')).status, 200)
    assert.equal((await complete('pm_test_success')).status, 429)
    const guess = (code: string) =>
      ask(`POST /checkout_sessions/${id}`, { discounts: { codes: [code] } })
    assert.equal((await guess('A')).status, 200)
    assert.equal((await guess('B')).status, 429)
    const note = await ask(`POST /checkout_sessions/${id}`, { order_notes: 'ring twice' })
    assert.equal(note.status, 200)
  })

  test('a policy of their key comes before that, and the dialect counts with the protocol', async () => {
    const policy = [`${agent.id.slice('api_key:'.length)}:3:60`]
    await using counting = await openCounting({ ...LIMITS, rate_limit_api_key_policies: policy })
    const { house } = counting
    const ask = speaker(house)
    const { id } = (await ask(SESSIONS, creation(LATEST))).body
    const read = (as: Actor) => house.send(`GET /api/v1/checkout_sessions/${id}`, { as })
    const body = creation(LATEST)
    assert.equal((await read(agent)).status, 200)
    assert.equal((await read(agent)).status, 200)
    assert.equal((await read(agent)).status, 429)
    assert.equal((await ask(SESSIONS, body, { key: randomUUID() })).status, 429)
    assert.equal((await read(otherAgent)).status, 404)
  })
})
