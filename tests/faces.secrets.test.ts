import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { onEveryEngine, openHouse } from '#testing'
import {
  GUEST,
  goOn,
  openShop,
  providerOf,
  SESSION,
  SIGNED,
} from '../src/faces/shop/tests/shopping.ts'
import { askForAll, everyTable, listening, secretSettings } from './faces/secrets.ts'
import { openPlatform } from './ucp/platform.ts'

// Goal: what must stay secret is nowhere but with its owner. Method: a day with real secrets, then
// every table, every line of the log, every answer, list and export, and all that was sent out is
// searched for them.

const PASSWORD = 'the-password-of-nobody-else'
const CARD = '4242424242424242'
const CVC = '9831'

/** Somebody who listens to webhooks. */
async function openReceiver() {
  const platform = await openPlatform()
  return Object.assign(platform, { [Symbol.asyncDispose]: () => platform.close() })
}

const HOOK = 'POST /api/v1/webhooks'
const KEYS = 'POST /api/v1/auth/api-keys'
const SESSION_OPENED = 'POST /api/checkout/session'

/** The answers in which a secret is told to the one whose it is, once. */
const TELLS: Record<string, RegExp> = {
  access_token: /\/auth\/login$/,
  second_access_token: /\/auth\/refresh$/,
  refresh_token: /\/auth\/login$/,
  second_refresh_token: /\/auth\/refresh$/,
  // Whoever shows it is told it again, so that a client need not keep it apart from the cart.
  guest: /\/api\/cart/,
  made_for_guest: /\/api\/cart/,
  client_secret: new RegExp(`^${SESSION_OPENED}$`),
  api_key: new RegExp(`^${KEYS}$`),
  hook_secret: new RegExp(`^${HOOK}$`),
  vault_token: /delegate_payment$/,
  delegated_token: /delegate_payment$/,
}
/** Where a secret must lie, because the house signs by it or gives it back to its owner. */
const KEPT: Record<string, RegExp> = {
  hook_secret: /^webhooks$/,
}

onEveryEngine('secrets', (engine) => {
  it('are in no table, no log, no event, no answer, no export and no message to others', async () => {
    await using receiver = await openReceiver()
    const shop_secrets = secretSettings()
    await using house = await openHouse(engine, {
      settings: { ...shop_secrets, ...SIGNED, webhook_private_addresses: true },
      background: true,
    })
    await openShop(house)
    const { ask, lines, answers, close } = await listening(house)
    const key = () => ({ 'idempotency-key': randomUUID() })
    const admin = { 'x-api-key': house.adminKey }
    const hook = await ask(HOOK, { url: `${receiver.address}/hook`, events: ['*'] }, admin)
    assert.equal(hook.status, 201, hook.text)
    const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
    const registered = { ...person, password: PASSWORD }
    assert.ok((await ask('POST /api/v1/customers/register', registered, key())).status < 300)

    const staff = { email: 'clerk@example.com', first_name: 'Cy', last_name: 'Clerk' }
    const hired = { ...staff, password: PASSWORD, roles: ['manager'] }
    assert.equal((await ask('POST /api/v1/users', hired, admin)).status, 201)
    const shift = { email: staff.email, password: PASSWORD }
    const { body: came } = await ask('POST /api/v1/auth/login', shift, key())
    const clerk = { authorization: `Bearer ${came.access_token ?? came.data.access_token}` }

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
    const vaulted = await delegate({})
    assert.equal(vaulted.status, 201)
    assert.ok((await delegate({ exp_year: '2020' })).status >= 400)

    // A card out of the vault pays an agent's session: its token could charge the card again.
    const wanted = await ask('POST /api/v1/agentic/sessions', AGENT_ORDER, { ...agent, ...key() })
    assert.equal(wanted.status, 201, wanted.text)
    const { id: agreed } = wanted.body.data
    const carded = await ask(
      'POST /agentic_commerce/delegate_payment',
      cardFor({}, { checkout_session_id: agreed, max_amount: 100_000 }),
      { ...agent, ...key() },
    )
    const paid = await ask(
      `POST /api/v1/agentic/sessions/${agreed}/complete`,
      { payment: { token: carded.body.id } },
      { ...agent, ...key() },
    )
    assert.equal(paid.body.data?.status, 'completed', paid.text)
    const shown = await ask('GET /api/v1/payments', undefined, agent)
    assert.match(shown.text, /"payment_method_id":"vt_…"/)
    assert.ok(!shown.text.includes(carded.body.id))

    await providerOf(house).completeHosted(opened.body.session_id, 'paid')
    await goOn(house)
    const own_key = await ask(KEYS, { name: 'mine', permissions: ['orders:read'] }, clerk)
    assert.equal(own_key.status, 201, own_key.text)
    await heardOf(receiver, 'order.created')
    assert.ok((await askForAll(house, ask)) > 40)
    const secrets = {
      password: PASSWORD,
      access_token: login.body.access_token,
      second_access_token: refreshed.body.access_token,
      refresh_token: login.body.refresh_token,
      second_refresh_token: refreshed.body.refresh_token,
      guest: GUEST,
      made_for_guest: stranger.body.cart.session_id,
      client_secret: opened.body.client_secret,
      vault_token: vaulted.body.id,
      card: CARD,
      cvc: `"${CVC}"`,
      jwt_secret: house.app.settings.jwt_secret,
      ...shop_secrets,
      webhook_secret: SIGNED.payment_webhook_secret,
      hook_secret: hook.body.data.secret,
      api_key: own_key.body?.data?.key,
      delegated_token: carded.body.id,
    }
    const places = new Map([
      ...(await everyTable(house)),
      ['the log', lines.join('')],
      ['what was sent out', JSON.stringify(receiver.heard)],
    ])
    // The search finds what is no secret.
    assert.ok(places.get('customers')?.includes(person.email))
    assert.ok(places.get('what was sent out')?.includes('webhook-signature'))
    const refusals = answers.filter(({ isRefusal }) => isRefusal)
    assert.ok(lines.length > 10 && refusals.length >= 5 && places.size > 50)
    assert.ok(Object.keys(shop_secrets).length >= 8)
    assert.deepEqual(leaks(secrets, places, answers), [])
    assert.deepEqual(await house.violations(), [])
    await close()
  })
})

const HEARD_MS_MAX = 60_000

/** Waits until a webhook of this event has come. */
async function heardOf({ heard }: { heard: readonly { body: string }[] }, event: string) {
  const end = Date.now() + HEARD_MS_MAX
  while (!heard.some(({ body }) => body.includes(event))) {
    assert.ok(Date.now() < end, `nobody heard of ${event}`)
    await sleep(20)
  }
}

type Secrets = Record<string, string | string[] | undefined>
type Said = { route: string; text: string; isRefusal: boolean }

/** Every secret that is somewhere but where it belongs. */
function leaks(secrets: Secrets, places: ReadonlyMap<string, string>, answers: readonly Said[]) {
  const found: string[] = []
  for (const [what, value] of Object.entries(secrets)) {
    assert.ok(value, `${what} was never made`)
    const isIn = (text: string) => [value].flat().some((one) => text.includes(one))
    for (const [place, text] of places) {
      if (isIn(text) && !KEPT[what]?.test(place)) found.push(`${what} in ${place}`)
    }
    for (const { route, text, isRefusal } of answers) {
      const isTold = !isRefusal && TELLS[what]?.test(route.replace(/[?].*/, ''))
      if (isIn(text) && !isTold) found.push(`${what} answered by ${route}`)
    }
  }
  return found
}

const AGENT_ORDER = {
  items: [{ id: 'TEA', quantity: 1 }],
  buyer: { email: 'agent@example.com', first_name: 'Ada', last_name: 'Brook' },
  fulfillment_details: {
    address: {
      name: 'Ada Brook',
      line_one: '12 Harbour Street',
      city: 'Portland',
      state: 'ME',
      postal_code: '04101',
      country: 'US',
    },
  },
  protocol: 'rest',
}

const cardFor = (more: object, allowed: object = {}) => ({
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
    ...allowed,
  },
  risk_signals: [{ type: 'card_testing', score: 10, action: 'authorized' }],
  metadata: {},
})
