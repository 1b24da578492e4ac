import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { it } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { type House, onEveryEngine, openHouse } from '#testing'
import { buildRest } from '../src/faces/rest/rest.ts'
import {
  GUEST,
  goOn,
  openShop,
  providerOf,
  SESSION,
  SIGNED,
} from '../src/faces/shop/tests/shopping.ts'

// Goal: what must stay secret is nowhere but with its owner. Method: a day with real secrets, then
// every table, every line of the log and every refusal is searched for them.

const PASSWORD = 'the-password-of-nobody-else'
const CARD = '4242424242424242'
const CVC = '9831'

type Told = { status: number; body: any; text: string }

/** A server on the house whose log is kept, and every refusal that it answers. */
async function listening(house: House) {
  const lines: string[] = []
  const keep = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  Object.assign(house.app, { log: pino({ level: 'trace' }, keep) })
  const http = await buildRest(house.app)
  await http.ready()
  const refusals: string[] = []
  const ask = async (
    route: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Told> => {
    const [method, url] = route.split(' ') as ['GET', string]
    const sent = body === undefined ? {} : { payload: body }
    const answer = await http.inject({ method, url, headers, ...sent })
    if (answer.statusCode >= 400) refusals.push(answer.body)
    const isJson = String(answer.headers['content-type']).includes('json')
    const told = isJson && answer.body ? JSON.parse(answer.body) : undefined
    return { status: answer.statusCode, body: told, text: answer.body }
  }
  return { ask, lines, refusals, close: () => http.close() }
}

/** All that is stored, as text: each table with its rows. */
async function everyTable(house: House): Promise<Map<string, string>> {
  const { database } = house
  const names = await database.read(async (session) => {
    const query =
      session.engine === 'postgres'
        ? sql<{ name: string }>`select table_name as name from information_schema.tables
            where table_schema = 'public' and table_type = 'BASE TABLE'`
        : sql<{ name: string }>`select name from sqlite_master where type = 'table'`
    return (await query.execute(session.kysely)).rows.map(({ name }) => name)
  })
  const tables = new Map<string, string>()
  for (const name of names) {
    const { rows } = await database.read((session) =>
      sql`select * from ${sql.table(name)}`.execute(session.kysely),
    )
    tables.set(name, JSON.stringify(rows))
  }
  return tables
}

onEveryEngine('secrets', (engine) => {
  it('are in no table, no log, no event and no refusal', async () => {
    await using house = await openHouse(engine, { settings: SIGNED })
    await openShop(house)
    const { ask, lines, refusals, close } = await listening(house)
    const key = () => ({ 'idempotency-key': randomUUID() })
    const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
    const registered = { ...person, password: PASSWORD }
    assert.ok((await ask('POST /api/v1/customers/register', registered, key())).status < 300)

    // A guest with a secret, who logs in and brings their cart along.
    const guest = { 'x-cart-session': GUEST, ...key() }
    const item = { product_id: 'ROSE', quantity: 1 }
    assert.equal((await ask('POST /api/cart/items', item, guest)).status, 200)
    const stranger = await ask('POST /api/cart/items', item, key())
    const login = await ask(
      'POST /api/auth/login',
      { email: person.email, password: PASSWORD },
      key(),
    )
    assert.equal(login.status, 200, login.text)
    const refreshed = await ask(
      'POST /api/auth/refresh',
      { refresh_token: login.body.refresh_token },
      key(),
    )
    const user = { authorization: `Bearer ${refreshed.body.access_token}` }
    await ask(`GET /api/cart?session_id=${GUEST}`, undefined, user)
    const opened = await ask(
      'POST /api/checkout/session',
      { ...SESSION, mode: 'embedded' },
      { ...user, ...key() },
    )
    assert.equal(opened.status, 200, opened.text)

    // What is refused with secrets in it, on several faces.
    await ask('POST /api/auth/login', { email: person.email, password: `${PASSWORD}?` })
    await ask('POST /api/cart/items', { ...item, quantity: -1 }, { 'x-cart-session': GUEST })
    await ask('GET /api/cart', undefined, { authorization: `Bearer ${login.body.access_token}x` })
    await ask('POST /api/auth/refresh', { refresh_token: login.body.refresh_token })
    await ask(`GET /api/cart?session_id=${GUEST}${GUEST}`)

    // A card for an agent, once as it must be and once not.
    const agent = { 'x-api-key': house.adminKey, 'api-version': '2026-04-17' }
    const delegate = (payment_method: object) =>
      ask('POST /agentic_commerce/delegate_payment', cardFor(payment_method), {
        ...agent,
        ...key(),
      })
    assert.equal((await delegate({})).status, 201)
    assert.ok((await delegate({ exp_year: '2020' })).status >= 400)

    await providerOf(house).completeHosted(opened.body.session_id, 'paid')
    await goOn(house)
    const secrets = {
      password: PASSWORD,
      access_token: login.body.access_token,
      second_access_token: refreshed.body.access_token,
      refresh_token: login.body.refresh_token,
      second_refresh_token: refreshed.body.refresh_token,
      guest: GUEST,
      made_for_guest: stranger.body.cart.session_id,
      client_secret: opened.body.client_secret,
      card: CARD,
      cvc: `"${CVC}"`,
      jwt_secret: house.app.settings.jwt_secret,
      webhook_secret: SIGNED.payment_webhook_secret,
    }
    const places = new Map([
      ...(await everyTable(house)),
      ['the log', lines.join('')],
      ['the refusals', refusals.join('\n')],
    ])
    // The search finds what is no secret.
    assert.ok(places.get('customers')?.includes(person.email))
    assert.ok(lines.length > 10 && refusals.length >= 5 && places.size > 50)
    const found: string[] = []
    for (const [what, secret] of Object.entries(secrets)) {
      if (!secret) continue
      for (const [place, text] of places) {
        if (text.includes(secret)) found.push(`${what} in ${place}`)
      }
    }
    assert.deepEqual(found, [])
    assert.deepEqual(await house.violations(), [])
    await close()
  })
})

const cardFor = (more: object) => ({
  payment_method: {
    type: 'card',
    card_number_type: 'fpan',
    number: CARD,
    exp_month: '11',
    exp_year: '2041',
    cvc: CVC,
    display_card_funding_type: 'credit',
    display_last4: '4242',
    metadata: {},
    ...more,
  },
  allowance: {
    reason: 'one_time',
    max_amount: 2000,
    currency: 'usd',
    checkout_session_id: 'csn_1',
    merchant_id: 'tradepost',
    expires_at: '2041-10-09T07:20:50.52Z',
  },
  risk_signals: [{ type: 'card_testing', score: 10, action: 'authorized' }],
  metadata: {},
})
