import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Engine } from '#platform/database/database'
import { readCursor } from '#platform/event-log/cursor'
import { readAsSystem } from '#platform/execute'
import { type House, openHouse } from '#testing'
import { demand } from '../recommendations/count-orders.ts'

export type Mall = Awaited<ReturnType<typeof openMall>>
const PASSWORD = 'weaves patterns of algebra'
const CHEAP = { password_hash_memory_kib: 64, password_hash_passes: 1 }
const DAY_MS = 86_400_000

/** A shop with a clock, customers and API keys that are real; orders are counted when told. */
export async function openMall(engine: Engine) {
  const time = { now: Date.parse('2026-11-21T12:00:00.000Z') }
  const settings = { ...CHEAP, outbox_poll_interval_ms: 10 }
  const house = await openHouse(engine, { settings, clock: () => new Date(time.now) })
  let people = 0
  const made = async (route: string, body?: object, as?: object) => {
    const answer = await house.ask(route, body, as)
    assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
    return answer.data
  }
  await made('POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  return {
    ...house,
    made,
    pass: (days: number) => {
      time.now += days * DAY_MS
    },
    /** Articles at 10.00 USD, fifty of each on the shelf; answers their ids by SKU. */
    async stock(skus: readonly string[], more: object = {}) {
      const ids: Record<string, string> = {}
      for (const sku of skus) {
        const article = { name: `The ${sku}`, sku, price: '10.00', cost_price: '4.00', ...more }
        ids[sku] = (await made('POST /api/v1/products', article)).id
        const shelf = { item_number: sku, location_id: 'MAIN', quantity_on_hand: 50 }
        await made('POST /api/v1/inventory', shelf)
      }
      return ids
    },
    async customer() {
      const person = { email: `ada${++people}@example.com`, first_name: 'Ada', last_name: 'Brook' }
      return (await made('POST /api/v1/customers', person)).id as string
    },
    cartOf: async (customer_id: string, more: object = {}) =>
      (await made('POST /api/v1/carts', { customer_id, ...more })).id as string,
    order: async (customer_id: string, skus: readonly string[]) => {
      const items = skus.map((sku) => ({ product_id: sku, quantity: 1 }))
      return (await made('POST /api/v1/orders', { customer_id, items })).id as string
    },
    /** A real API key with these permissions, and how to ask with it. */
    async key(permissions: readonly string[] = ['agents:access']) {
      const email = `owner${++people}@example.com`
      const person = { email, password: PASSWORD, first_name: 'Ada', last_name: 'King' }
      await made('POST /api/v1/users', { ...person, roles: ['admin'] })
      const login = { email, password: PASSWORD }
      const { access_token } = await made('POST /auth/login', login, { as: 'nobody' })
      const headers = { authorization: `Bearer ${access_token}` }
      const asked = { name: 'agent', permissions }
      const key = await made('POST /auth/api-keys', asked, { as: 'nobody', headers })
      const as = { as: 'nobody' as const, headers: { 'x-api-key': key.api_key ?? key.key } }
      return { id: key.id as string, as }
    },
    /** Lets the orders be counted that were placed by now. */
    async settle() {
      const worker = demand.worker(house.app)
      try {
        await untilCounted(house)
      } finally {
        await worker.stop()
      }
    },
    async [Symbol.asyncDispose]() {
      const violations = await house.violations()
      await house.close()
      assert.deepEqual(violations, [])
    },
  }
}

/** How long whoever writes elsewhere on the server may hold back what is read in order. */
const SETTLE_MS_MAX = 60_000

async function untilCounted(house: House): Promise<void> {
  const { rows } = await house.database.read(({ kysely }) =>
    sql<{ id: string }>`select id from events order by id desc limit 1`.execute(kysely),
  )
  const newest = rows[0]?.id ?? ''
  const end = Date.now() + SETTLE_MS_MAX
  for (;;) {
    const read = await readAsSystem(house.app, (ctx) => readCursor(ctx, 'agents.demand'))
    if ((read?.after_event_id ?? '') >= newest) return
    assert.ok(Date.now() < end, 'the orders were never counted')
    await new Promise((done) => setTimeout(done, 20))
  }
}
