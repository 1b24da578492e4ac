import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { cardOf } from '../card-of.ts'
import { giveBackToken, type Redeem, redeemToken } from '../commands/redeem-token.ts'
import { eraseCards } from '../schedules.ts'
import { delegation, newToken, ROUTE, terms } from './cards.ts'

const redeem = ({ app }: House, token: string, more: Partial<Redeem> = {}) =>
  transactAsSystem(app, (ctx) => redeemToken(ctx, { token, ...terms, ...more }), 'read committed')
const giveBack = ({ app }: House, token: string, checkout_session_id = 'session-1') =>
  transactAsSystem(app, (ctx) => giveBackToken(ctx, { token, checkout_session_id }))

/** Everything that a database holds, as one text. */
const everything = ({ database }: House) =>
  database.read(async ({ kysely }) => {
    const texts: string[] = []
    for (const { name } of await kysely.introspection.getTables()) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(kysely)
      texts.push(JSON.stringify(rows))
    }
    return texts.join('\n')
  })

onEveryEngine('the vault', (engine) => {
  it('answers a token for a card, and keeps the card where nothing can read it', async () => {
    await using house = await openHouse(engine)
    const headers = { 'idempotency-key': 'handed-over-once' }
    const { status, data } = await house.ask(ROUTE, delegation(), { headers })
    assert.equal(status, 201)
    assert.match(data.id, /^vt_[\w-]{32}$/)
    assert.deepEqual(data.metadata, { campaign: 'q4', merchant_id: 'shop' })
    const again = await house.ask(ROUTE, delegation(), { headers })
    assert.equal(again.data.id, data.id)
    await redeem(house, data.id)
    const kept = await everything(house)
    assert.match(kept, /sealed:/)
    for (const secret of ['4242424242424242', '4242 4242', '"223"', 'Jane Doe', data.id]) {
      assert.ok(!kept.includes(secret), secret)
    }
    const card = await cardOf(house.app, { token: data.id, charge_key: 'charge-1' })
    assert.deepEqual(
      [card?.number, card?.cvc, card?.exp_month, card?.exp_year, card?.last4],
      ['4242424242424242', '223', 11, 2041, '4242'],
    )
    assert.deepEqual(await house.events(), ['vault_token.created', 'vault_token.redeemed'])
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses a bad card and says which member, never its value', async () => {
    await using house = await openHouse(engine)
    const cases: [string, Record<string, object>][] = [
      ['payment_method.number', { payment_method: { number: '4242424242424241' } }],
      ['payment_method.number', { payment_method: { number: '4242-4242-42424242x' } }],
      ['payment_method.number', { payment_method: { number: '4242 4242 4' } }],
      ['payment_method.exp_year', { payment_method: { exp_year: '2020' } }],
      ['payment_method.exp_month', { payment_method: { exp_month: '13' } }],
      ['payment_method.exp_month', { payment_method: { exp_month: undefined } as object }],
      ['payment_method.cvc', { payment_method: { cvc: '22a' } }],
      ['payment_method.card_number_type', { payment_method: { card_number_type: 'dpan' } }],
      ['allowance.expires_at', { allowance: { expires_at: '2020-01-01T00:00:00Z' } }],
      ['allowance.max_amount', { allowance: { max_amount: 0 } }],
      ['allowance.reason', { allowance: { reason: 'always' } }],
      ['metadata', { metadata: { note: 'card 4242-4242-4242-4242' } }],
    ]
    for (const [field, more] of cases) {
      const { status, error, body } = await house.ask(ROUTE, delegation(more))
      assert.equal(status, 400, JSON.stringify([field, body]))
      assert.equal(error.details.field, field)
      assert.doesNotMatch(JSON.stringify(body), /4242.?4242/)
    }
    const risk_signals = [{ type: 'card_testing', score: 99, action: 'blocked' }]
    const blocked = await house.ask(ROUTE, { ...delegation(), risk_signals })
    assert.deepEqual([blocked.status, blocked.error.code], [400, 'VAULT_RISK_BLOCKED'])
    assert.deepEqual(await house.events(), [])
  })

  it('takes a two-digit year, a network token and a card without an end', async () => {
    await using house = await openHouse(engine)
    const cards = [
      { exp_year: '41' },
      { card_number_type: 'network_token', cryptogram: 'AgAAAAAABk4DWZ4C28yUQAAAAAA=' },
      { exp_month: undefined, exp_year: undefined },
    ]
    for (const payment_method of cards) await newToken(house, { payment_method })
  })

  it('pays only within the allowance, and says why not', async () => {
    await using house = await openHouse(engine)
    const token = await newToken(house)
    const cases: [string, Partial<Redeem>][] = [
      ['VAULT_TOKEN_OTHER_SESSION', { checkout_session_id: 'session-2' }],
      ['VAULT_TOKEN_OTHER_MERCHANT', { merchant_id: 'another' }],
      ['VAULT_TOKEN_OTHER_CURRENCY', { currency: 'EUR' }],
      ['VAULT_TOKEN_AMOUNT_EXCEEDED', { amount: 5001 }],
    ]
    for (const [code, more] of cases) await assert.rejects(redeem(house, token, more), { code })
    await assert.rejects(redeem(house, 'vt_unknown'), { code: 'VAULT_TOKEN_UNKNOWN' })
    await redeem(house, token, { amount: 5000, currency: 'usd' })
    await assert.rejects(redeem(house, token), { code: 'VAULT_TOKEN_USED' })
    assert.deepEqual(await house.violations(), [])
  })

  it('opens a card for the one charge that its token pays, and not before', async () => {
    await using house = await openHouse(engine)
    const token = await newToken(house)
    const open = (charge_key: string) => cardOf(house.app, { token, charge_key })
    assert.equal(await open('charge-1'), undefined)
    await redeem(house, token)
    assert.ok(await open('charge-1'))
    assert.equal(await open('charge-2'), undefined)
    assert.ok(await open('charge-1'))
  })

  it('gives a token back after a decline, to the session that used it', async () => {
    await using house = await openHouse(engine)
    const token = await newToken(house)
    await giveBack(house, token)
    await redeem(house, token)
    await giveBack(house, token, 'session-2')
    await assert.rejects(redeem(house, token), { code: 'VAULT_TOKEN_USED' })
    await giveBack(house, token)
    await redeem(house, token, { amount: 100 })
    assert.ok(await cardOf(house.app, { token, charge_key: 'another-charge' }))
    assert.deepEqual(await house.events(), [
      'vault_token.created',
      'vault_token.redeemed',
      'vault_token.given_back',
      'vault_token.redeemed',
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('lets one of many who use a token at once have it', async () => {
    await using house = await openHouse(engine)
    const token = await newToken(house)
    const tries = Array.from({ length: 8 }, () => redeem(house, token))
    const ends = await Promise.allSettled(tries)
    assert.equal(ends.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const end of ends) {
      if (end.status === 'rejected') assert.equal(end.reason.code, 'VAULT_TOKEN_USED')
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('leaves a token unused when the transaction that used it fails', async () => {
    await using house = await openHouse(engine)
    const token = await newToken(house)
    const failing = transactAsSystem(house.app, async (ctx) => {
      await redeemToken(ctx, { token, ...terms })
      throw new Error('the power goes')
    })
    await assert.rejects(failing, /the power goes/)
    await redeem(house, token)
  })

  it('erases cards once they are of no use, and tokens later', async () => {
    let now = new Date('2026-06-01T12:00:00.000Z')
    await using house = await openHouse(engine, { clock: () => now })
    const allowance = { expires_at: '2026-06-01T13:00:00Z' }
    const unused = await newToken(house, { allowance })
    const used = await newToken(house, { allowance })
    const longLived = await newToken(house, { allowance: { expires_at: '2030-01-01T00:00:00Z' } })
    await redeem(house, used)
    const cards = async () => (await everything(house)).split('sealed:').length - 1
    const erase = () => transactAsSystem(house.app, eraseCards, 'read committed')
    await erase()
    assert.equal(await cards(), 3)
    now = new Date('2026-06-01T13:00:01.000Z')
    await erase()
    assert.equal(await cards(), 1)
    await assert.rejects(redeem(house, unused), { code: 'VAULT_TOKEN_EXPIRED' })
    assert.equal(await cardOf(house.app, { token: used, charge_key: 'late' }), undefined)
    now = new Date('2026-07-01T13:00:01.000Z')
    await erase()
    assert.equal(await cards(), 0)
    await assert.rejects(redeem(house, unused), { code: 'VAULT_TOKEN_UNKNOWN' })
    await assert.rejects(redeem(house, longLived), { code: 'VAULT_TOKEN_EXPIRED' })
    assert.deepEqual(await house.violations(), [])
  })

  it('takes no cards where it is switched off, and none from those who may not', async () => {
    await using house = await openHouse(engine, { settings: { vault_enabled: false } })
    const { status, error } = await house.ask(ROUTE, delegation())
    assert.deepEqual([status, error.code], [404, 'VAULT_CLOSED'])
    const answer = await house.ask(ROUTE, delegation(), { as: 'nobody' })
    assert.equal(answer.status, 401)
  })
})
