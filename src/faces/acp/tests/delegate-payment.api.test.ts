import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { pino } from 'pino'
import { type House, onEveryEngine, openHouse } from '#testing'
import { ACP_VERSIONS, NEWEST_FIRST } from '../versions.ts'

const ROUTE = 'POST /agentic_commerce/delegate_payment'

/** 2025-12-12 and 2026-01-16 left delegate payment as it was in 2025-09-29. */
const SCHEMAS = Object.fromEntries(
  ACP_VERSIONS.map((version) => {
    const folder = ['2026-01-30', '2026-04-17'].includes(version) ? version : '2025-09-29'
    const path = `tests/acp/specs/${folder}/json-schema/schema.delegate_payment.json`
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    ajv.addSchema(JSON.parse(readFileSync(path, 'utf8')), 'bundle')
    return [version, ajv]
  }),
)

function assertValid(version: string, name: string, body: object): void {
  const check = SCHEMAS[version]?.getSchema(`bundle#/$defs/${name}`)
  assert.ok(check?.(body), `${version} ${name}: ${JSON.stringify([body, check?.errors])}`)
}

const request = (more: Record<string, object> = {}) => ({
  payment_method: {
    type: 'card',
    card_number_type: 'fpan',
    number: '4242424242424242',
    exp_month: '11',
    exp_year: '2041',
    cvc: '223',
    iin: '424242',
    display_card_funding_type: 'credit',
    display_last4: '4242',
    metadata: { issuing_bank: 'temp' },
    ...more.payment_method,
  },
  allowance: {
    reason: 'one_time',
    max_amount: 2000,
    currency: 'usd',
    checkout_session_id: 'csn_1',
    merchant_id: 'tradepost',
    expires_at: '2041-10-09T07:20:50.52Z',
    ...more.allowance,
  },
  risk_signals: more.risk_signals ?? [{ type: 'card_testing', score: 10, action: 'authorized' }],
  metadata: { campaign: 'q4', ...more.metadata },
})

let keys = 0
const send = (house: House, body: object, headers: Record<string, string | undefined> = {}) => {
  const all = { 'api-version': '2026-04-17', 'idempotency-key': `key-${++keys}`, ...headers }
  const given = Object.entries(all).filter(([, value]) => value !== undefined)
  return house.send(ROUTE, { body, headers: Object.fromEntries(given) as Record<string, string> })
}

onEveryEngine('delegate payment', (engine) => {
  it('answers a token in every version, as its schema has it', async () => {
    await using house = await openHouse(engine)
    for (const version of ACP_VERSIONS) {
      const key = `of ${version}`.replaceAll(' ', '-')
      const headers = { 'api-version': version, 'idempotency-key': key, 'request-id': 'req-1' }
      const { status, body, headers: told } = await send(house, request(), headers)
      assert.equal(status, 201, JSON.stringify(body))
      assertValid(version, 'DelegatePaymentResponse', body)
      assert.match(body.id, /^vt_/)
      assert.deepEqual(body.metadata, {
        campaign: 'q4',
        merchant_id: 'tradepost',
        idempotency_key: key,
      })
      assert.deepEqual([told['request-id'], told['idempotency-key']], ['req-1', key])
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses bad cards with invalid_card and the member, in every version', async () => {
    await using house = await openHouse(engine)
    const cases: [string, Record<string, object>][] = [
      ['$.payment_method.number', { payment_method: { number: '4242424242424241' } }],
      ['$.payment_method.exp_year', { payment_method: { exp_year: '2020' } }],
      ['$.payment_method.type', { payment_method: { type: 'wallet' } }],
      ['$.allowance.expires_at', { allowance: { expires_at: '2020-01-01T00:00:00Z' } }],
      [
        '$.risk_signals[0].action',
        { risk_signals: [{ type: 'card_testing', score: 1, action: 'x' }] },
      ],
      ['$.risk_signals', { risk_signals: [{ type: 'card_testing', score: 9, action: 'blocked' }] }],
    ]
    for (const version of ACP_VERSIONS) {
      for (const [param, more] of cases) {
        const { status, body } = await send(house, request(more), { 'api-version': version })
        assert.deepEqual([status, body.code, body.param], [400, 'invalid_card', param])
        assertValid(version, 'Error', body)
        assert.doesNotMatch(JSON.stringify(body), /42424242/)
      }
    }
    assert.deepEqual(await house.events(), [])
  })

  it('wants what older versions wanted, of those who speak them', async () => {
    await using house = await openHouse(engine)
    const older = { 'api-version': '2026-01-30' }
    const bare = await send(house, request({ risk_signals: [] }), older)
    assert.deepEqual([bare.status, bare.body.param], [400, '$.risk_signals'])
    const long = { payment_method: { iin: '42424242' } }
    const iin = await send(house, request(long), older)
    assert.deepEqual([iin.status, iin.body.param], [400, '$.payment_method.iin'])
    assert.equal((await send(house, request({ risk_signals: [], ...long }))).status, 201)
  })

  it('keeps its answers by the rules for keys of each version', async () => {
    await using house = await openHouse(engine)
    const missing = await send(house, request(), { 'idempotency-key': undefined })
    assert.deepEqual([missing.status, missing.body.code], [400, 'idempotency_key_required'])
    assertValid('2026-04-17', 'Error', missing.body)
    const old = { 'api-version': '2025-09-29', 'idempotency-key': undefined }
    assert.equal((await send(house, request(), old)).status, 201)

    for (const [version, status] of [
      ['2026-04-17', 422],
      ['2026-01-30', 409],
    ] as const) {
      const headers = { 'api-version': version, 'idempotency-key': `kept-${version}` }
      const first = await send(house, request(), headers)
      const { metadata, ...rest } = request()
      const again = await send(house, { metadata, ...rest }, headers)
      assert.deepEqual([again.status, again.body], [201, first.body])
      assert.equal(again.headers['idempotent-replayed'], 'true')
      const other = await send(house, request({ allowance: { max_amount: 1 } }), headers)
      assert.deepEqual([other.status, other.body.code], [status, 'idempotency_conflict'])
      assertValid(version, 'Error', other.body)
    }
  })

  it('lets one of many with the same key have a token, and tells it to all', async () => {
    await using house = await openHouse(engine)
    const headers = { 'idempotency-key': 'one-key' }
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => send(house, request(), headers)),
    )
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
    const created = (await house.events()).filter((name) => name === 'vault_token.created')
    assert.equal(created.length, 1)
  })

  it('knows its versions and its callers', async () => {
    await using house = await openHouse(engine)
    const none = await send(house, request(), { 'api-version': undefined })
    assert.deepEqual([none.status, none.body.code], [400, 'missing_api_version'])
    assert.deepEqual(none.body.supported_versions, NEWEST_FIRST)
    const unknown = await send(house, request(), { 'api-version': '2025-01-01' })
    assert.equal(unknown.body.code, 'unsupported_api_version')
    const nobody = await house.send(ROUTE, { body: request(), as: 'nobody' })
    assert.deepEqual([nobody.status, nobody.body.code], [401, 'unauthorized'])
    const closed = await openHouse(engine, { settings: { vault_enabled: false } })
    assert.equal((await send(closed, request())).status, 404)
    await closed.close()
  })

  it('takes no card of who does not sign, where a signing secret is set', async () => {
    const agentic_commerce_signing_secret = 'a secret of this shop and its agent'
    await using house = await openHouse(engine, { settings: { agentic_commerce_signing_secret } })
    const timestamp = new Date().toISOString()
    const sign = (text: string) =>
      createHmac('sha256', agentic_commerce_signing_secret).update(text).digest('hex')
    const signature = sign(`${timestamp}.${JSON.stringify(request())}`)
    const cases: [object, number, string?][] = [
      [{}, 401, 'missing_signature'],
      [{ signature }, 401, 'missing_timestamp'],
      [{ timestamp, signature: sign(`${timestamp}.{}`) }, 401, 'invalid_signature'],
      [{ timestamp, signature }, 201],
    ]
    for (const [headers, status, code] of cases) {
      const answer = await send(house, request(), headers as Record<string, string>)
      assert.deepEqual([answer.status, answer.body.code], [status, code])
      assert.deepEqual((await house.events()).length, status === 201 ? 1 : 0)
    }
  })

  it('never lets a card number into the log, even when all goes wrong', async () => {
    await using house = await openHouse(engine)
    const lines: string[] = []
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
    Object.assign(house.app, { log })
    await send(house, request())
    await send(house, request({ payment_method: { number: '4242424242424241' } }))
    const write = house.app.database.write
    house.app.database.write = () => Promise.reject(new Error('the database is gone'))
    const failed = await send(house, request())
    house.app.database.write = write
    assert.equal(failed.status, 500)
    assertValid('2026-04-17', 'Error', { ...failed.body, code: 'invalid_card' })
    const said = lines.join('\n') + JSON.stringify(failed.body)
    assert.ok(lines.length > 0)
    assert.doesNotMatch(said, /42424242|"223"/)
  })
})
