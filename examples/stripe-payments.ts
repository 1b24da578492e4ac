// Payments by Stripe: a card, 3-D Secure, held money, a refund in Stripe's dashboard, and both
// sides' books compared. A pretended Stripe and a shop of its own are started; no money moves.
//
//   node scripts/run.mjs examples/stripe-payments.ts

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOOK_SECRET, StripeDouble } from '../tests/doubles/stripe/server.ts'

const say = (line: string) => console.log(line)
const check = (found: unknown, expected: unknown) => {
  if (found !== expected) throw new Error(`Expected ${expected}, and it is ${found}.`)
}

// A Stripe, and a shop that asks it. With a real account the settings are the same, and real.
const stripe = await StripeDouble.open()
const folder = mkdtempSync(join(tmpdir(), 'tradepost-stripe-'))
const env = {
  PATH: process.env.PATH ?? '',
  ...stripe.environment,
  APP__ENVIRONMENT: 'test',
  APP__DATABASE_URL: `sqlite://${folder}/shop.db?mode=rwc`,
  APP__PORT: '0',
  APP__HOST: '127.0.0.1',
  APP__SEED: 'none',
  APP__LOG_LEVEL: 'error',
}
const program = join(import.meta.dirname, '../bin/tradepost')
const server = spawn(process.execPath, [program, 'serve'], { cwd: folder, env })
let said = ''
server.stdout.on('data', (text) => (said += text))
server.stderr.on('data', (text) => (said += text))

try {
  await story()
} finally {
  server.kill()
  if (server.exitCode === null) await once(server, 'exit')
  await stripe.close()
  rmSync(folder, { recursive: true, force: true })
}

/** What the server prints when it is ready. */
async function printed(pattern: RegExp): Promise<string> {
  for (let waited = 0; waited < 50_000; waited += 50) {
    const found = pattern.exec(said)?.[1]
    if (found) return found
    if (server.exitCode !== null) break
    await new Promise((next) => setTimeout(next, 50))
  }
  throw new Error(`The shop did not start:\n${said}`)
}

async function story(): Promise<void> {
  const API = (await printed(/API\s+(http:\S+)\/api\/v1/)).replace('localhost', '127.0.0.1')
  const KEY = await printed(/(sk_\w+)/)
  stripe.sendTo({ url: `${API}/api/webhooks/stripe`, secret: HOOK_SECRET })
  const health = await (await fetch(`${API}/health/detailed`)).json()
  say(`${(health as any).details.payments.message}\n`)

  async function ask(route: string, body?: object): Promise<any> {
    const [method, path] = route.split(' ') as [string, string]
    const headers = { 'X-API-Key': KEY, ...(body && { 'Content-Type': 'application/json' }) }
    const sent = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const response = await fetch(`${API}/api/v1${path}`, sent)
    const { data, error } = (await response.json()) as any
    if (error) throw new Error(`${route}: ${error.code}: ${error.message}`)
    return data
  }

  await ask('POST /locations', { code: 'MAIN', name: 'Main warehouse' })
  await ask('POST /products', { name: 'A mug', sku: 'MUG', price: '12.50' })
  const stock = { item_number: 'MUG', location_id: 'MAIN', quantity_on_hand: 100 }
  await ask('POST /inventory', stock)
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await ask('POST /customers', person)
  const items = [{ product_id: 'MUG', quantity: 4 }]

  const pay = async (payment_method_id: string, more: object = {}) => {
    const { id: order_id, total_amount: amount } = await ask('POST /orders', { customer_id, items })
    const card = { payment_method: 'credit_card', payment_method_id }
    return ask('POST /payments', { order_id, amount, ...card, ...more })
  }

  const plain = await pay('pm_card_visa')
  say(`A card:        ${plain.captured_amount} ${plain.currency}, ${plain.status}`)
  check(plain.status, 'succeeded')

  const proven = await pay('pm_card_authenticationRequired')
  say(`3-D Secure:    ${proven.status}; the payer is sent to their bank`)
  await fetch(proven.next_action.url, { redirect: 'manual' })
  const confirmed = await ask(`POST /payments/${proven.id}/confirm`, {})
  say(`               ${confirmed.status} when they are back`)
  check(confirmed.status, 'succeeded')

  const held = await pay('pm_card_visa', { capture: 'manual' })
  const taken = await ask(`POST /payments/${held.id}/capture`, { amount: '30.00' })
  say(`Held:          ${taken.captured_amount} taken, ${taken.voided_amount} let go`)
  check(taken.voided_amount, '20.00')

  await stripe.refundByHand(plain.transaction_id, 1000)
  const after = await ask(`GET /payments/${plain.id}`)
  say(`The dashboard: ${after.refunded_amount} given back there, and known here`)
  check(after.refunded_amount, '10.00')

  const args = [program, 'payments', 'reconcile']
  const reconcile = spawn(process.execPath, args, { cwd: folder, env, stdio: 'pipe' })
  let told = ''
  reconcile.stdout.on('data', (text) => (told += text))
  const [code] = await once(reconcile, 'close')
  say(`\n$ tradepost payments reconcile\n${told.trim()}`)
  check(code, 0)
}
