import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { type Engine, pause } from '#platform/database/database'
import { systemProcess } from '#platform/execute'
import { Relay } from '#platform/relay'
import { type House, openDatabaseAt, openHouse } from '#testing'
import { WooDouble } from '../../../../tests/doubles/woocommerce/server.ts'
import { runSync } from '../index.ts'

export const ADDRESS = {
  name: 'Ada Brook',
  street: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}
const PAST = '2020-01-01T00:00:00.000Z'

/** A house with ten mugs at MAIN and a customer, and the WooCommerce shop it speaks with. */
export async function openShop(
  engine: Engine,
  { settings, ...options }: Parameters<typeof openHouse>[1] = {},
) {
  const woo = await WooDouble.open()
  const house = await openHouse(engine, {
    ...options,
    settings: { ...(woo.settings as object), ...settings },
  })
  const made = async (route: string, body?: object) => {
    const answer = await house.ask(route, body)
    assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
    return answer.data
  }
  const main = await made('POST /api/v1/locations', { code: 'MAIN', name: 'Main' })
  const mug = await made('POST /api/v1/products', {
    name: 'Mug',
    sku: 'MUG',
    price: '12.50',
    description: 'Holds 350 ml & more.',
  })
  const stock = { item_number: 'MUG', location_id: main.id, quantity_on_hand: 10 }
  await made('POST /api/v1/inventory', stock)
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const customer = await made('POST /api/v1/customers', person)
  const kit = kitOf(house, woo)
  return {
    house,
    app: house.app,
    woo,
    books: woo.books,
    made,
    ask: house.ask,
    mug,
    ...kit,
    /** Places an order of mugs, and pays it in cash unless said. */
    async order(quantity: number, { paid = true, sku = 'MUG' } = {}) {
      const order = await made('POST /api/v1/orders', {
        customer_id: customer.id,
        items: [{ sku, quantity }],
        shipping_address: ADDRESS,
      })
      const { id: order_id, total_amount: amount } = order
      if (paid) await made('POST /api/v1/payments', { order_id, amount, payment_method: 'cash' })
      return order
    },
    orderNow: (id: string) => made(`GET /api/v1/orders/${id}`),
    available: async () => (await made('GET /api/v1/products/MUG')).available_quantity,
    /** The syncs of a kind, oldest first: outcome or state, and the note or fault. */
    async syncs(kind: string) {
      const { items } = await made(`GET /api/v1/woocommerce/syncs?kind=${kind}&limit=100`)
      return items.toReversed() as any[]
    },
    async [Symbol.asyncDispose]() {
      const violations = await house.violations()
      await house.close()
      await woo.close()
      assert.deepEqual(violations, [])
    },
  }
}
export type Shop = Awaited<ReturnType<typeof openShop>>

/** What stands in for the time that passes: the relay, the jobs and the leases. */
export function kitOf(house: House, woo: WooDouble) {
  const rows = async <T>(text: string): Promise<T[]> =>
    house.database.read(async (session) => (await sql.raw<T>(text).execute(session.kysely)).rows)
  const change = async (text: string) => {
    const database = openDatabaseAt(house.database.engine, house.url)
    await database.write((session) => session.run({ sql: text, parameters: [] }))
    await database.close()
  }
  /** Delivers what waits for reactions. */
  async function settle(): Promise<void> {
    const relay = new Relay(house.app)
    relay.start()
    const end = Date.now() + 30_000
    const waiting = `select count(*) as n from events where status in ('pending', 'processing')`
    while (Number((await rows<{ n: number }>(waiting))[0]?.n) > 0) {
      assert.ok(Date.now() < end, 'the relay never came to an end')
      await pause(5)
    }
    await relay.stop()
  }
  /** Everything that waits is due, and done once. Answers how much that was. */
  async function runWaiting(): Promise<number> {
    await settle()
    await change(`update woo_syncs set due_at = '${PAST}' where status = 'waiting'`)
    const due = await rows<{ id: string }>(
      `select id from woo_syncs where status = 'waiting' order by id`,
    )
    for (const { id } of due) await runSync(systemProcess(house.app), id)
    return due.length
  }
  return {
    rows,
    change,
    settle,
    runWaiting,
    /** Until nothing waits any more. */
    async drain(): Promise<void> {
      for (let round = 0; round < 20; round++) if ((await runWaiting()) === 0) return
      assert.fail('it never comes to rest')
    },
    /** Whoever was at work is dead for long. */
    abandon: () => change(`update woo_syncs set due_at = '${PAST}' where status = 'running'`),
    /** A webhook of the shop arrives; answers the status. */
    async deliver(...said: Parameters<WooDouble['webhook']>) {
      const { headers, body } = woo.webhook(...said)
      const answer = await house.http.inject({
        method: 'POST',
        url: '/api/v1/woocommerce/webhooks',
        headers,
        payload: body,
      })
      return answer.statusCode
    },
  }
}
