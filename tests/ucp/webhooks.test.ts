import assert from 'node:assert/strict'
import { createPublicKey, hash, verify } from 'node:crypto'
import { it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { onEveryEngine } from '#testing'
import { BUYER, type Heard, openUcp, pay, way } from './platform.ts'
import { assertIs } from './schemas.ts'

const DEADLINE_MS = 30_000

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + DEADLINE_MS
  while (!isSo()) {
    assert.ok(Date.now() < end, 'it never came to be so')
    await pause(10)
  }
}

/** Verifies a webhook as a platform does: by the keys of the profile (RFC 9421, RFC 9530). */
function assertSigned({ headers, body }: Heard, keys: readonly any[], url: URL): void {
  const digest = `sha-256=:${hash('sha256', body, 'base64')}:`
  assert.equal(headers['content-digest'], digest)
  const input = /^(\w+)=(\(([^)]*)\).*)$/.exec(headers['signature-input'] ?? '')
  const [, label, parameters = '', covered = ''] = input ?? []
  const kid = /keyid="([^"]+)"/.exec(parameters)?.[1]
  const jwk = keys.find((key) => key.kid === kid)
  assert.ok(jwk, `no key ${kid}`)
  const values: Record<string, string> = {
    '@method': 'POST',
    '@authority': url.host,
    '@path': url.pathname,
    '@target-uri': url.href,
    ...headers,
  }
  const names = [...covered.matchAll(/"([^"]+)"/g)].map(([, name]) => name as string)
  assert.ok(names.includes('content-digest'))
  const base = [
    ...names.map((name) => `"${name}": ${values[name]}`),
    `"@signature-params": ${parameters}`,
  ].join('\n')
  const told = new RegExp(`${label}=:([^:]+):`).exec(headers.signature ?? '')?.[1] ?? ''
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const signature = Buffer.from(told, 'base64')
  const isGood = verify('sha256', Buffer.from(base), { key, dsaEncoding: 'ieee-p1363' }, signature)
  assert.ok(isGood, 'the signature does not fit')
}

onEveryEngine('the webhooks of UCP', (engine) => {
  it('tell the platform of its order, whole and signed', async () => {
    const settings = { outbox_poll_interval_ms: 20, job_poll_interval_ms: 20 } as object
    await using ucp = await openUcp(engine, settings, { background: true })
    const { heard } = ucp.platform
    const made = await ucp.checkout('POST /checkout-sessions', {
      line_items: [{ item: { id: 'MUG' }, quantity: 1 }],
      buyer: BUYER,
      fulfillment: way([]),
    })
    const done = await ucp.checkout(`POST /checkout-sessions/${made.id}/complete`, pay())
    await until(() => heard.length > 0)
    const [first] = heard as [Heard]
    const order = JSON.parse(first.body)
    assertIs('shopping/order.json', order)
    assert.equal(order.id, done.order.id)
    assert.equal(order.checkout_id, made.id)
    assert.match(first.headers['webhook-id'] ?? '', /^[0-9a-f-]{36}$/)
    assert.match(first.headers['webhook-timestamp'] ?? '', /^\d{10}$/)
    const profile = (await ucp.http.inject({ method: 'GET', url: '/.well-known/ucp' })).json()
    assertSigned(first, profile.signing_keys, new URL(`${ucp.platform.address}/orders`))

    await ucp.ask(`POST /api/v1/orders/${done.order.id}/cancel`, { reason: 'by mistake' })
    const isCancelled = ({ body }: Heard) => JSON.parse(body).adjustments.length > 0
    await until(() => heard.some(isCancelled))
    const last = JSON.parse(heard.find(isCancelled)?.body ?? '')
    assertIs('shopping/order.json', last)
    assert.equal(last.line_items[0].status, 'removed')
    assert.deepEqual(
      last.adjustments.map(({ type }: any) => type),
      ['cancellation'],
    )
  })
})
