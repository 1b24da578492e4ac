import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Settings } from '#platform/config/settings'
import type { Engine } from '#platform/database/database'
import { openHouse, someoneWho } from '#testing'
import { openShop } from '../../src/modules/carts/tests/shop.ts'
import { assertAddsUp, assertIs } from './schemas.ts'

export const VERSION = '2026-04-08'
export const ALL = [
  'dev.ucp.shopping.checkout',
  'dev.ucp.shopping.cart',
  'dev.ucp.shopping.catalog.search',
  'dev.ucp.shopping.catalog.lookup',
  'dev.ucp.shopping.order',
  'dev.ucp.shopping.fulfillment',
  'dev.ucp.shopping.discount',
]
export const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Brook',
  street_address: '12 Harbour Street',
  address_locality: 'Portland',
  address_region: 'ME',
  postal_code: '04101',
  address_country: 'US',
}
export const BUYER = { first_name: 'Ada', last_name: 'Brook', email: 'ada@example.com' }
export const SIGNING_SECRET = 'a text of more than thirty-two letters, for tests'

export type Profile = { version?: string; capabilities?: readonly string[]; webhook_url?: string }

/** A profile as a platform publishes it. */
export function profileOf({ version = VERSION, capabilities = ALL, webhook_url }: Profile): object {
  const config = webhook_url ? { config: { webhook_url } } : {}
  const entries = capabilities.map((name) => {
    const isOrder = name === 'dev.ucp.shopping.order'
    return [name, [{ version: VERSION, ...(isOrder && config) }]]
  })
  return { ucp: { version, services: {}, payment_handlers: {}, ...fromEntries(entries) } }
}
const fromEntries = (entries: unknown[][]) => ({
  capabilities: Object.fromEntries(entries as [string, unknown][]),
})

export type Heard = { headers: Record<string, string>; body: string; path: string }

/** A platform on this machine: it publishes profiles by path, and hears webhooks. */
export async function openPlatform() {
  const profiles = new Map<string, object | string>()
  const heard: Heard[] = []
  let asked = 0
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    if (request.method === 'GET') {
      asked++
      const profile = profiles.get(path)
      response.statusCode = profile ? 200 : 404
      response.setHeader('cache-control', 'max-age=3600')
      return response.end(typeof profile === 'string' ? profile : JSON.stringify(profile ?? {}))
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      heard.push({ headers: request.headers as Record<string, string>, body, path })
      response.end('{}')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    address,
    heard,
    asked: () => asked,
    publish(path: string, profile: object | string): string {
      profiles.set(path, profile)
      return `${address}${path}`
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

/** A shop, a platform, and how the one asks the other. */
export async function openUcp(engine: Engine, settings: Partial<Settings> = {}, more: object = {}) {
  const platform = await openPlatform()
  const house = await openHouse(engine, {
    settings: {
      webhook_private_addresses: true,
      ucp_signing_secrets: [SIGNING_SECRET],
      ...settings,
    },
    ...more,
  })
  await openShop(house, { MUG: ['12.50', 10], TEA: ['4.00', 50] })
  const profile_url = platform.publish(
    '/.well-known/ucp',
    profileOf({ webhook_url: `${platform.address}/orders` }),
  )
  const agent = someoneWho('agentic:use')
  const headersFor = (profile: string, key?: string) => ({
    'ucp-agent': `profile="${profile}"`,
    'request-id': randomUUID(),
    ...(key && { 'idempotency-key': key }),
  })
  const send = (
    route: string,
    body?: unknown,
    { profile = profile_url, key, as = agent }: Told = {},
  ) => {
    const [method, path] = route.split(' ') as ['POST', string]
    const isWrite = method !== ('GET' as string)
    const headers = headersFor(profile, key ?? (isWrite ? randomUUID() : undefined))
    return house.send(`${method} /ucp${path}`, { body, headers, as })
  }
  return {
    ...house,
    platform,
    profile_url,
    agent,
    send,
    /** Asks for a checkout that must be one, as the schemas have it. */
    async checkout(route: string, body?: unknown, told: Told = {}): Promise<any> {
      const answer = await send(route, body, told)
      if (answer.status >= 300) throw new Error(`${route}: ${JSON.stringify(answer.body)}`)
      assertCheckout(answer.body)
      return answer.body
    },
    /** Calls of a house are made by a key that speaks as the agent. */
    async agentHeaders() {
      await house.send('GET /api/v1/carts', { as: agent })
      return { 'x-api-key': `test ${agent.id}` }
    },
    async [Symbol.asyncDispose]() {
      await house.close()
      await platform.close()
    },
  }
}
type Told = { profile?: string; key?: string; as?: typeof import('#testing').admin | 'nobody' }

/** What every checkout must be: of the schema with its extensions, with totals that add up. */
export function assertCheckout(body: any): void {
  assertIs('shopping/checkout.json', body)
  if (body.fulfillment) {
    assertIs('shopping/fulfillment.json#/$defs/dev.ucp.shopping.checkout', body)
  }
  if (body.discounts) assertIs('shopping/discount.json#/$defs/dev.ucp.shopping.checkout', body)
  assertAddsUp(body.totals)
  for (const { totals } of body.line_items) assertAddsUp(totals)
}

/** The ready way of a checkout: one destination, and the option that is chosen. */
export const way = (line_item_ids: readonly string[], option: string | null = null) => ({
  methods: [
    {
      id: 'shipping',
      type: 'shipping',
      line_item_ids,
      destinations: [{ id: 'home', ...ADDRESS }],
      selected_destination_id: 'home',
      ...(option && { groups: [{ id: 'package_1', selected_option_id: option }] }),
    },
  ],
})

export const pay = (token = 'pm_test_success') => ({
  payment: {
    instruments: [
      {
        id: 'card_1',
        handler_id: 'payment_token',
        type: 'card',
        selected: true,
        credential: { type: 'token', token },
      },
    ],
  },
})
