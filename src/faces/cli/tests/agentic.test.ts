import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { it } from 'node:test'
import { openFolder, start } from './terminal.ts'

const ADDRESS = {
  name: 'Ada Brook',
  line1: '12 Harbour Street',
  city: 'Portland',
  region: 'ME',
  postal_code: '04101',
  country: 'US',
  email: 'ada@example.com',
}

it('agentic serves agents alone, in memory, with what the demo shop sells, in both ways of speaking', async () => {
  using folder = openFolder({
    APP__ENVIRONMENT: 'development',
    APP__LOG_LEVEL: 'silent',
    WEBHOOK_URL: '',
  })
  delete folder.env.APP__DATABASE_URL
  const server = start(folder, 'agentic')
  const [, port] = await server.printed(/serves agents at http:\/\/\S+:(\d+)/)
  const [, key] = await server.printed(/API key {5}(\S+)/)
  assert.match(server.out, /The demo shop has 200 products in \d+ variants at 3 locations\.$/m)
  const base = `http://127.0.0.1:${port}`
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const ask = async (path: string, body?: object, more = {}) => {
    const method = body ? 'POST' : 'GET'
    const sent = {
      method,
      headers: { ...headers, ...more },
      ...(body && { body: JSON.stringify(body) }),
    }
    const answer = await fetch(base + path, sent)
    return { status: answer.status, body: (await answer.json()) as any }
  }
  assert.deepEqual(await ask('/ready'), { status: 200, body: { ready: true } })
  assert.equal((await fetch(`${base}/api/v1/orders`, { headers })).status, 404)
  assert.equal((await ask('/.well-known/acp.json')).body.protocol.name, 'acp')

  const feed = await (await fetch(`${base}/api/v1/feeds/products.jsonl`)).text()
  const products = feed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const variant = products
    .flatMap(({ variants }) => variants)
    .find(({ availability }) => availability.status === 'in_stock')
  const items = [{ id: variant.id, quantity: 1 }]
  const customer = { shipping_address: ADDRESS }
  const created = await ask('/checkout_sessions', { items, customer })
  assert.equal(created.status, 201, JSON.stringify(created.body))
  assert.equal(created.body.items[0].variant_id, variant.id)
  const payment = { delegated_token: 'pm_test_success' }
  const route = `/checkout_sessions/${created.body.id}`
  const done = await ask(`${route}/complete`, { payment })
  assert.equal(done.body.status, 'completed', JSON.stringify(done.body))
  const unknown = await ask('/checkout_sessions', { items: [] })
  assert.deepEqual([unknown.status, unknown.body.code], [400, 'INVALID_REQUEST'])

  const version = { 'api-version': '2025-09-29' }
  const seen = await ask(route, undefined, version)
  assert.equal(seen.body.status, 'completed', JSON.stringify(seen.body))
  assert.ok(Array.isArray(seen.body.line_items) && Array.isArray(seen.body.totals))
  const metrics = await (await fetch(`${base}/metrics`, { headers })).text()
  assert.match(metrics, /^checkout_completions_total 1$/m)

  server.child.kill('SIGTERM')
  assert.equal(await server.ended, 0)
  assert.equal(server.err, '')
  const left = readdirSync(folder.folder).filter((name) => name.startsWith('tradepost'))
  assert.deepEqual(left, [], 'it leaves nothing behind')
})
