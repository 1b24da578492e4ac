import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { expireGiftCards } from '#modules/credit'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { made, newCard, newCustomer, shopper, take } from './cards.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const entriesOf = async (house: House, id: string) =>
  (await made(house, `GET /api/v1/gift-cards/${id}/entries`)).items
const balance = (house: House, code: string, more: object = {}) =>
  house.ask('POST /api/v1/gift-cards/balance', { code }, { as: 'nobody', ...more })

function movable() {
  let ahead_ms = 0
  return {
    clock: () => new Date(Date.now() + ahead_ms),
    pass: (days: number) => {
      ahead_ms += days * DAY_MS
    },
    at: (days: number) => new Date(Date.now() + ahead_ms + days * DAY_MS).toISOString(),
  }
}

onEveryEngine('a gift card', (engine) => {
  it('is made with a code that is told once and stored nowhere', async () => {
    await using house = await openHouse(engine)
    const customer_id = await newCustomer(house)
    const card = await newCard(house, { customer_id, recipient_name: 'Ada', message: 'For you' })

    assert.match(card.code, /^([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}$/)
    assert.equal(card.last_four, card.code.slice(-4))
    assert.deepEqual(
      [card.status, card.balance, card.initial_amount, card.currency, card.expires_at],
      ['active', '50.00', '50.00', 'USD', null],
    )
    const read = await made(house, `GET /api/v1/gift-cards/${card.id}`)
    const { code, ...rest } = card
    assert.deepEqual(read, rest)
    const letters = code.replaceAll('-', '')
    for (const table of ['gift_cards', 'events', 'credit_entries', 'idempotency_keys']) {
      const { rows } = await house.database.read((session) =>
        sql`select * from ${sql.table(table)}`.execute(session.kysely),
      )
      const text = JSON.stringify(rows)
      assert.ok(!text.includes(code) && !text.includes(letters), table)
    }
    assert.deepEqual(await entriesOf(house, card.id), [
      {
        ...(await entriesOf(house, card.id))[0],
        sequence: 1,
        kind: 'issued',
        amount: '50.00',
        balance: '50.00',
      },
    ])
    assert.deepEqual((await house.events()).slice(-1), ['gift_card.issued'])
    assert.deepEqual(await house.violations(), [])
  })

  it('is told again by its Idempotency-Key only, and sealed there', async () => {
    await using house = await openHouse(engine)
    const headers = { 'idempotency-key': 'one-card' }
    const body = { initial_amount: '10.00', currency: 'EUR' }
    const first = await house.ask('POST /api/v1/gift-cards', body, { headers })
    const second = await house.ask('POST /api/v1/gift-cards', body, { headers })
    assert.equal(first.data.code, second.data.code)
    const { rows } = await house.database.read((session) =>
      sql`select * from idempotency_keys`.execute(session.kysely),
    )
    assert.ok(rows.length > 0 && !JSON.stringify(rows).includes(first.data.code))
  })

  it('comes in bulk, each with a code of its own', async () => {
    await using house = await openHouse(engine)
    const bulk = { count: 30, initial_amount: '25.00', currency: 'usd', note: 'For the fair' }
    const { items } = await made(house, 'POST /api/v1/gift-cards/bulk', bulk)
    assert.equal(new Set(items.map((card: any) => card.code)).size, 30)
    const list = await made(house, 'GET /api/v1/gift-cards?limit=20')
    assert.deepEqual([list.items.length, list.total], [20, 30])
    const rest = await made(house, `GET /api/v1/gift-cards?limit=20&cursor=${list.next_cursor}`)
    assert.equal(rest.items.length, 10)
    assert.equal(rest.items[0].note, 'For the fair')
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses what makes no sense', async () => {
    await using house = await openHouse(engine)
    const ask = (more: object) =>
      house.ask('POST /api/v1/gift-cards', { initial_amount: '1.00', currency: 'USD', ...more })
    const nobody = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
    const cases: [object, number, string][] = [
      [{ initial_amount: '0' }, 400, 'VALIDATION_FAILED'],
      [{ initial_amount: '-5' }, 400, 'VALIDATION_FAILED'],
      [{ initial_amount: '1.001' }, 400, 'AMOUNT_INVALID'],
      [{ currency: 'XXQ' }, 400, 'CURRENCY_UNKNOWN'],
      [{ expires_at: '2020-01-01T00:00:00Z' }, 400, 'VALIDATION_FAILED'],
      [{ customer_id: nobody }, 404, 'CUSTOMER_NOT_FOUND'],
    ]
    for (const [more, status, code] of cases) {
      const answer = await ask(more)
      assert.deepEqual([answer.status, answer.error.code], [status, code], JSON.stringify(more))
    }
    const missing = await house.ask(`GET /api/v1/gift-cards/${nobody}`)
    assert.deepEqual([missing.status, missing.error.code], [404, 'GIFT_CARD_NOT_FOUND'])
    assert.deepEqual(await house.events(), [])
  })

  it('is found by its last four, status, currency and customer', async () => {
    await using house = await openHouse(engine)
    const customer_id = await newCustomer(house)
    const card = await newCard(house, { customer_id })
    const other = await newCard(house, { currency: 'EUR' })
    await made(house, `POST /api/v1/gift-cards/${other.id}/disable`, {})
    const ids = async (query: string) =>
      (await made(house, `GET /api/v1/gift-cards?${query}`)).items.map(({ id }: any) => id)
    assert.ok((await ids(`last_four=${card.last_four.toLowerCase()}`)).includes(card.id))
    assert.deepEqual(await ids('status=disabled'), [other.id])
    assert.deepEqual(await ids('status=active&currency=usd'), [card.id])
    assert.deepEqual(await ids(`customer_id=${customer_id}`), [card.id])
  })

  it('is seen by the customer it was given to, and by no other', async () => {
    await using house = await openHouse(engine)
    const customer_id = await newCustomer(house)
    const card = await newCard(house, { customer_id, note: 'internal' })
    await newCard(house)
    const as = shopper(customer_id)
    const list = await house.ask('GET /api/v1/gift-cards', undefined, { as })
    assert.deepEqual(
      list.data.items.map(({ id, note }: any) => [id, note]),
      [[card.id, null]],
    )
    const entries = await house.ask(`GET /api/v1/gift-cards/${card.id}/entries`, undefined, { as })
    assert.deepEqual([entries.status, entries.data.items[0].created_by], [200, null])
    const stranger = { as: shopper(await newCustomer(house)) }
    const foreign = await house.ask(`GET /api/v1/gift-cards/${card.id}`, undefined, stranger)
    assert.equal(foreign.status, 404)
    const none = await house.ask('GET /api/v1/gift-cards', undefined, stranger)
    assert.equal(none.data.total, 0)
    const made_ = await house.ask('POST /api/v1/gift-cards', {}, { as })
    assert.equal(made_.status, 403)
  })

  it('tells its balance to whoever knows the code, in any spelling', async () => {
    await using house = await openHouse(engine)
    const card = await newCard(house)
    for (const code of [card.code, card.code.toLowerCase(), ` ${card.code.replaceAll('-', ' ')}`]) {
      const { status, data } = await balance(house, code)
      assert.equal(status, 200)
      const { last_four } = card
      const told = { last_four, status: 'active', currency: 'USD', balance: '50.00' }
      assert.deepEqual(data, { ...told, expires_at: null })
    }
  })

  it('stops who asks for many wrong codes, and nobody else', async () => {
    await using house = await openHouse(engine)
    const card = await newCard(house)
    const as = someoneWho('orders:read')
    for (let nth = 0; nth < 20; nth++) {
      const wrong = await balance(house, `WRONG-${nth}`, { as })
      assert.deepEqual([wrong.status, wrong.error.code], [404, 'GIFT_CARD_CODE_UNKNOWN'])
    }
    const stopped = await balance(house, card.code, { as })
    assert.deepEqual([stopped.status, stopped.error.code], [429, 'GIFT_CARD_TOO_MANY_GUESSES'])
    assert.ok(Number(stopped.headers['retry-after']) > 3000)
    assert.equal((await balance(house, card.code)).status, 200)
  })

  it('is topped up, stopped and enabled; bad moves name the open ones', async () => {
    await using house = await openHouse(engine)
    const card = await newCard(house)
    const path = `POST /api/v1/gift-cards/${card.id}`
    assert.equal((await made(house, `${path}/top-up`, { amount: '5.50' })).balance, '55.50')
    assert.equal((await house.ask(`${path}/top-up`, { amount: 0 })).status, 400)
    const tooMuch = await house.ask(`${path}/top-up`, { amount: '100000000000' })
    assert.equal(tooMuch.status, 200)
    const evenMore = await house.ask(`${path}/top-up`, { amount: '1' })
    assert.deepEqual([evenMore.status, evenMore.error.code], [422, 'CREDIT_TOO_MUCH'])

    assert.equal((await made(house, `${path}/disable`, { reason: 'Stolen' })).status, 'disabled')
    const topUp = await house.ask(`${path}/top-up`, { amount: '1' })
    assert.deepEqual([topUp.status, topUp.error.code], [409, 'GIFT_CARD_CANNOT_TOP_UP'])
    assert.deepEqual(topUp.error.details.open_moves, ['enable', 'expire'])
    assert.equal((await take(house, card.id, 100, 'a')).code, 'GIFT_CARD_DISABLED')
    assert.equal((await house.ask(`${path}/disable`, {})).status, 409)
    assert.equal((await made(house, `${path}/enable`)).status, 'active')
    assert.equal((await house.ask(`${path}/enable`)).status, 409)
    assert.equal((await take(house, card.id, 100, 'a')).code, undefined)
    assert.deepEqual((await house.events()).slice(1), [
      'gift_card.topped_up',
      'gift_card.topped_up',
      'gift_card.disabled',
      'gift_card.enabled',
      'gift_card.taken',
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('changes who it is for; If-Match keeps two editors apart', async () => {
    await using house = await openHouse(engine)
    const card = await newCard(house, { recipient_email: 'Ada@Example.com' })
    assert.equal(card.recipient_email, 'ada@example.com')
    const route = `PUT /api/v1/gift-cards/${card.id}`
    const headers = { 'if-match': `"${card.version}"` }
    const change = { recipient_name: 'Grace', recipient_email: 'G@Example.com', message: null }
    const done = await house.ask(route, change, { headers })
    const { recipient_name, recipient_email } = done.data
    assert.deepEqual(
      [done.status, recipient_name, recipient_email],
      [200, 'Grace', 'g@example.com'],
    )
    assert.equal((await house.ask(route, { note: 'x' }, { headers })).status, 412)
    assert.equal((await house.ask(route, { expires_at: '2020-01-01T00:00:00Z' })).status, 400)
    assert.equal((await house.events()).at(-1), 'gift_card.changed')
  })
})

onEveryEngine('the end of a gift card', (engine) => {
  it('stops it at its instant, writes off what is left, and a later end puts it back', async () => {
    const time = movable()
    await using house = await openHouse(engine, { clock: time.clock })
    const card = await newCard(house, { expires_at: time.at(10) })
    const stopped = await newCard(house, { expires_at: time.at(10) })
    await made(house, `POST /api/v1/gift-cards/${stopped.id}/disable`, {})
    const empty = await newCard(house, { expires_at: time.at(10) })
    await take(house, empty.id, 5000, 'all')
    const later = await newCard(house, { expires_at: time.at(20) })
    const expire = () => expireGiftCards(systemProcess(house.app))
    assert.equal(await expire(), 0)

    time.pass(11)
    // Nobody has written it off yet, and it pays no more.
    assert.equal((await take(house, card.id, 100, 'late')).code, 'GIFT_CARD_EXPIRED')
    assert.equal((await balance(house, card.code)).data.status, 'expired')
    assert.equal(await expire(), 3)
    assert.equal(await expire(), 0)
    const read = await made(house, `GET /api/v1/gift-cards/${card.id}`)
    assert.deepEqual([read.status, read.balance], ['expired', '0.00'])
    const [last] = await entriesOf(house, card.id)
    assert.deepEqual([last.kind, last.amount, last.balance], ['expired', '-50.00', '0.00'])
    assert.equal((await entriesOf(house, empty.id)).length, 2)
    assert.equal((await made(house, `GET /api/v1/gift-cards/${later.id}`)).status, 'active')
    const moves = await house.ask(`POST /api/v1/gift-cards/${card.id}/top-up`, { amount: '1' })
    assert.deepEqual([moves.status, moves.error.details.open_moves], [409, ['reopen']])
    assert.equal((await house.events()).filter((name) => name === 'gift_card.expired').length, 3)

    const change = { expires_at: time.at(5) }
    const reopened = await made(house, `PUT /api/v1/gift-cards/${card.id}`, change)
    assert.deepEqual([reopened.status, reopened.balance], ['active', '50.00'])
    assert.equal((await take(house, card.id, 5000, 'now')).code, undefined)
    assert.deepEqual((await house.events()).slice(-3), [
      'gift_card.changed',
      'gift_card.reopened',
      'gift_card.taken',
    ])
    time.pass(6)
    assert.equal(await expire(), 1)
    const again = await made(house, `PUT /api/v1/gift-cards/${card.id}`, { expires_at: null })
    assert.deepEqual([again.status, again.balance, again.expires_at], ['active', '0.00', null])
    assert.deepEqual(await house.violations(), [])
  })

  it('comes for any number of cards in few transactions', async () => {
    const time = movable()
    await using house = await openHouse(engine, { clock: time.clock })
    const bulk = { count: 450, initial_amount: '1.00', currency: 'USD', expires_at: time.at(1) }
    await made(house, 'POST /api/v1/gift-cards/bulk', bulk)
    time.pass(2)
    assert.equal(await expireGiftCards(systemProcess(house.app)), 450)
    assert.deepEqual(await house.violations(), [])
  })
})
