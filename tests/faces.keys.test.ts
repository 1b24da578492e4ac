import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { startBackground } from '#platform/background'
import { eventually, onEveryEngine, openHouse } from '#testing'
import { dockIn } from '../src/modules/shipments/tests/dock.ts'
import { EasyPostDouble } from './doubles/easypost/server.ts'
import { StripeDouble } from './doubles/stripe/server.ts'
import { WooDouble } from './doubles/woocommerce/server.ts'
import {
  askForAll,
  DEMANDING,
  ELSEWHERE,
  everyTable,
  found,
  listening,
  secretNames,
} from './faces/secrets.ts'

// Goal: the keys by which the house speaks to others, and the passwords in their addresses, are
// told to nobody. Method: all of them are used, well and in vain, and then everything that is
// stored, logged and answered is searched for them.

const PROGRAM = join(import.meta.dirname, '../bin/tradepost')
const SIGNING = 'signs-what-agents-ask-0123456789'
const passwordOf = (what: string) => `only-${what}-knows-0123456789`
/** What stands in no address, with the names of the settings that hold it. */
const PASSWORDS = {
  database_url: passwordOf('the-database'),
  redis_url: passwordOf('redis'),
  nats_url: passwordOf('nats'),
  smtp_url: passwordOf('the-postman'),
}

/** An address where nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return `127.0.0.1:${port}`
}

/** A mail server that lets nobody in. Answers how often somebody tried. */
async function openPostman() {
  let refused = 0
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('220 postman\r\n')
    socket.on('data', (chunk) => {
      const [verb = ''] = chunk.toString('utf8').split(/[\s:]/)
      if (verb.toUpperCase() === 'EHLO') socket.write('250-postman\r\n250 AUTH PLAIN LOGIN\r\n')
      else if (verb.toUpperCase() === 'QUIT') socket.end('221 bye\r\n')
      else {
        refused++
        socket.write('535 5.7.8 Authentication credentials invalid\r\n')
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    address: `127.0.0.1:${port}`,
    refused: () => refused,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

const doubles = async () => ({
  woo: await WooDouble.open(),
  stripe: await StripeDouble.open(),
  easypost: await EasyPostDouble.open(),
  async [Symbol.asyncDispose]() {
    await Promise.all([this.woo.close(), this.stripe.close(), this.easypost.close()])
  },
})

onEveryEngine('keys to others', (engine) => {
  it('are in no table, no log and no answer, whether they open or not', async () => {
    await using others = await doubles()
    await using postman = await openPostman()
    const { woo, stripe, easypost } = others
    const nobody = await nowhere()
    const urls = {
      database_url: `postgres://shop:${PASSWORDS.database_url}@${nobody}/shop`,
      redis_url: `redis://:${PASSWORDS.redis_url}@${nobody}`,
      nats_url: `nats://shop:${PASSWORDS.nats_url}@${nobody}`,
      smtp_url: `smtp://shop:${PASSWORDS.smtp_url}@${postman.address}`,
    }
    await using house = await openHouse(engine, {
      settings: {
        ...(woo.settings as object),
        ...stripe.settings,
        ...(easypost.settings as object),
        ...urls,
        mail_from: 'The shop <shop@example.com>',
        agentic_commerce_signing_secret: SIGNING,
        rate_limit_enabled: true,
        outbox_poll_interval_ms: 20,
        nats_timeout_ms: 500,
      },
    })
    const { settings } = house.app
    const keys = [
      'stripe_secret_key',
      'easypost_api_key',
      'woocommerce_consumer_key',
      'woocommerce_consumer_secret',
    ] as const
    const secrets: Record<string, string> = {
      ...PASSWORDS,
      ...Object.fromEntries(keys.map((name) => [name, settings[name]])),
      ...Object.fromEntries(
        Object.entries(PASSWORDS).map(([name, word]) => [`${name} in Base64`, base64(word)]),
      ),
      smtp_login: base64(`\u0000shop\u0000${PASSWORDS.smtp_url}`),
      agentic_commerce_signing_secret: SIGNING,
    }
    const meant = new Set([...ELSEWHERE, ...DEMANDING])
    assert.deepEqual(
      [...meant].filter((name) => !(name in secrets)),
      [],
      'all are here',
    )
    assert.deepEqual(
      [...meant].filter((name) => !secretNames().includes(name)),
      [],
    )

    const { ask, lines, answers, close } = await listening(house)
    const background = startBackground(house.app)
    await using _ = {
      async [Symbol.asyncDispose]() {
        await background.stop()
        await close()
      },
    }
    const dock = await dockIn(house)
    const staff = (route: string, body?: object) =>
      ask(route, body, { 'x-api-key': house.adminKey, 'idempotency-key': randomUUID() })

    // WooCommerce, EasyPost and Stripe are asked well, and then with what cannot come to an end.
    const product = 'POST /api/v1/woocommerce/product-syncs'
    assert.equal((await staff(product, { product_id: 'MUG' })).status, 200)
    woo.fail('GET products/:id', 'broken')
    assert.equal((await staff(product, { product_id: 'MUG' })).status, 502)
    for (const [fault, token, status] of [
      [undefined, 'pm_card_visa', 201],
      [undefined, 'pm_card_chargeDeclined', 402],
      ['broken', 'pm_card_visa', 0],
    ] as const) {
      const { id: order_id, total_amount: amount } = await dock.place({ MUG: 1 })
      if (fault) stripe.fail('create_intent', fault)
      const means = { payment_method: 'credit_card', payment_method_id: token }
      const paid = await staff('POST /api/v1/payments', { order_id, amount, ...means })
      assert.ok(status === 0 || paid.status === status, paid.text)
    }
    for (const fault of [undefined, 'broken'] as const) {
      const { id } = await dock.create(await dock.place({ MUG: 1 }))
      if (fault) easypost.fail('create', fault)
      const bought = await staff(`POST /api/v1/shipments/${id}/label`, { strategy: 'cheapest' })
      assert.equal(bought.status < 300, fault === undefined, bought.text)
    }
    assert.ok(stripe.asked.length > 0 && easypost.asked.length > 0 && woo.asked.length > 0)

    // An agent's request, signed well and not at all well.
    const body = { line_items: [{ id: 'MUG' }], currency: 'usd', capabilities: {} }
    const timestamp = String(Math.floor(Date.now() / 1000))
    const text = `${timestamp}.${JSON.stringify(body)}`
    const signature = createHmac('sha256', SIGNING).update(text).digest('hex')
    const agent = (signed: string) => ({
      'x-api-key': house.adminKey,
      'api-version': '2026-04-17',
      'idempotency-key': randomUUID(),
      timestamp,
      signature: signed,
    })
    const wanted = await ask('POST /checkout_sessions', body, agent(signature))
    assert.equal(wanted.status, 201, wanted.text)
    const forged = await ask('POST /checkout_sessions', body, agent('0'.repeat(64)))
    assert.equal(forged.status, 401, forged.text)
    assert.ok(!forged.text.includes(signature), 'who cannot sign is not told how')

    assert.ok((await askForAll(house, staff as typeof ask)) > 40)
    await staff('GET /health/readiness')
    await eventually(async () => postman.refused() > 0)
    const isLogged = (what: RegExp) => eventually(async () => what.test(lines.join('')))
    await isLogged(/Redis is lost/)
    await isLogged(/nats/)
    const places = new Map([...(await everyTable(house)), ['the log', lines.join('')]])
    assert.ok(places.get('mails')?.includes('invalid'), 'the mail server’s word is kept')
    assert.deepEqual(found(secrets, { places, answers }), [])
    assert.deepEqual(await house.violations(), [])
  })
})

it('the program does not print a password when it reaches no database', async () => {
  const address = await nowhere()
  const environment = {
    PATH: process.env.PATH ?? '',
    APP__ENVIRONMENT: 'test',
    APP__DATABASE_URL: `postgres://shop:${PASSWORDS.database_url}@${address}/shop`,
    APP__REDIS_URL: `redis://:${PASSWORDS.redis_url}@${address}`,
    APP__NATS_URL: `nats://shop:${PASSWORDS.nats_url}@${address}`,
    APP__SMTP_URL: `smtp://shop:${PASSWORDS.smtp_url}@${address}`,
    APP__MAIL_FROM: 'shop@example.com',
    APP__DB_CONNECT_TIMEOUT_SECS: '1',
    APP__LOG_LEVEL: 'trace',
  }
  for (const words of [['doctor'], ['migrate', 'up'], ['serve']]) {
    const said = await runProgram(words, environment)
    assert.match(said, /the database cannot be reached/)
    for (const [name, password] of Object.entries(PASSWORDS)) {
      assert.ok(!said.includes(password), `${name} is printed by ${words[0]}: ${said}`)
    }
  }
})

const PATIENCE_MS = 120_000

const runProgram = (words: string[], env: Record<string, string>): Promise<string> =>
  new Promise((resolve) => {
    const options = { cwd: tmpdir(), env, timeout: PATIENCE_MS }
    execFile(process.execPath, [PROGRAM, ...words], options, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    )
  })

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')
