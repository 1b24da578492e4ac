import assert from 'node:assert/strict'
import { it } from 'node:test'
import { eventually, onEveryEngine, openDatabaseAt } from '#testing'
import { ServerProcess } from '../../../../tests/crash/server.ts'
import { WooDouble } from '../../../../tests/doubles/woocommerce/server.ts'
import { ADDRESS } from './shop.ts'

const PRODUCTS = 12
const PATIENCE_MS = 120_000

onEveryEngine('a server that is killed while it speaks with WooCommerce', (engine) => {
  it('makes no product and no order twice, and loses none', { timeout: 600_000 }, async () => {
    await using woo = await WooDouble.open()
    const server = await ServerProcess.open(engine, {
      ...environmentOf(woo.settings),
      APP__OUTBOX_POLL_INTERVAL_MS: '50',
    })
    const made = async (method: string, path: string, body: object) => {
      const answer = await server.ask(method, path, body)
      assert.ok(answer.status < 300, `${path}: ${answer.text}`)
      return answer.data
    }
    try {
      const main = await made('POST', '/locations', { code: 'MAIN', name: 'Main' })
      const skus = Array.from({ length: PRODUCTS }, (_, nth) => `MUG-${nth}`)
      // In the midst of the products: one was made there, and the answer is on its way.
      const inSync = woo.next('POST products')
      for (const sku of skus) {
        await made('POST', '/products', { name: `The ${sku}`, sku, price: '10.00' })
        const stock = { item_number: sku, location_id: main.id, quantity_on_hand: 50 }
        await made('POST', '/inventory', stock)
      }
      await inSync
      await server.kill()
      await endLeases(server.url)
      await server.start()
      await untilAll(() => woo.books.products.size === PRODUCTS)

      const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
      const customer = await made('POST', '/customers', person)
      const paid = async (sku: string) => {
        const items = [{ sku, quantity: 1 }]
        const asked = { customer_id: customer.id, items, shipping_address: ADDRESS }
        const { id: order_id, total_amount: amount } = await made('POST', '/orders', asked)
        await made('POST', '/payments', { order_id, amount, payment_method: 'cash' })
        return order_id as string
      }
      // In the midst of an order: WooCommerce has made it, and nobody is there to hear so.
      const inPush = woo.next('POST orders')
      const orders: string[] = []
      for (const sku of skus.slice(0, 4)) orders.push(await paid(sku))
      await inPush
      await server.kill()
      await endLeases(server.url)
      await server.start()
      await untilAll(() => woo.books.orders.size >= orders.length)
      await untilAll(async () => {
        const { data } = await server.ask('GET', '/woocommerce')
        return data.waiting === 0 && data.running === 0
      })

      const there = [...woo.books.orders.values()].map(({ meta_data }) =>
        String(meta_data.find(({ key }: { key: string }) => key === '_tradepost_order_id')?.value),
      )
      assert.deepEqual(there.toSorted(), orders.toSorted())
      const products = [...woo.books.products.values()]
      assert.deepEqual(products.map(({ sku }) => sku).toSorted(), skus.toSorted())
      const left = () => skus.map((sku) => products.find((one) => one.sku === sku)?.stock_quantity)
      await untilAll(() => left().every((units, nth) => units === (nth < 4 ? 49 : 50)))
      assert.deepEqual(left().slice(0, 5), [49, 49, 49, 49, 50])
      const { code, said } = await server.doctor()
      assert.equal(code, 0, said)
    } finally {
      await server.close()
    }
  })

  /** What a dead process holds is free, and what waits after a lost answer is due. */
  async function endLeases(url: string): Promise<void> {
    const database = openDatabaseAt(engine, url)
    const past = '2020-01-01T00:00:00.000Z'
    for (const sql of [
      `update woo_syncs set due_at = '${past}' where status in ('running', 'waiting')`,
      `update jobs set run_at = '${past}' where status in ('running', 'waiting')`,
      `update events set available_at = '${past}' where status in ('pending', 'processing')`,
    ]) {
      await database.write((session) => session.run({ sql, parameters: [] }))
    }
    await database.close()
  }
})

const untilAll = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + PATIENCE_MS
  while (!(await isSo()) && Date.now() < end) await new Promise((next) => setTimeout(next, 50))
  await eventually(async () => isSo())
}

const environmentOf = (settings: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`APP__${name.toUpperCase()}`, String(value)]),
  )
