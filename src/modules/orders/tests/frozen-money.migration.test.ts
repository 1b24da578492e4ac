import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { newId } from '#kit/ids'
import { migrate } from '#platform/database/migrate'
import { createDatabase, onEveryEngine, openDatabaseAt, openHouse } from '#testing'
import { modules } from '../../../modules.ts'

const NAME = '2026-11-21-44-freeze-order-money'

onEveryEngine('orders that were there before', (engine) => {
  it('keep their total, and say that no tax was looked at', async () => {
    const { url, drop } = await createDatabase(engine)
    const database = openDatabaseAt(engine, url)
    const before = modules.map(({ migrations }) =>
      Object.fromEntries(Object.entries(migrations).filter(([name]) => name < NAME)),
    )
    await migrate(database, before)
    const [customer, order, line, product] = ['customer', 'order', 'line', 'product'].map((kind) =>
      newId(kind, 1),
    )
    const now = '2026-11-20T10:00:00.000Z'
    await database.write(async ({ kysely }) => {
      await sql`insert into customers (id, email, first_name, last_name, accepts_marketing, status,
          version, created_at, updated_at)
        values (${customer}, 'ada@example.com', 'Ada', 'Brook', false, 'Active', 1, ${now},
          ${now})`.execute(kysely)
      await sql`insert into orders (id, number, customer_id, status, payment_status,
          fulfillment_status, currency, total_amount, version, placed_at, created_at, updated_at)
        values (${order}, 1000001, ${customer}, 'pending', 'pending', 'unfulfilled', 'USD', 2500, 1,
          ${now}, ${now}, ${now})`.execute(kysely)
      await sql`insert into order_lines (id, order_id, position, product_id, variant_id, sku, name,
          quantity, unit_amount, total_amount)
        values (${line}, ${order}, 1, ${product}, ${product}, 'MUG', 'A mug', 2, 1250,
          2500)`.execute(kysely)
    })
    await database.close()

    {
      await using house = await openHouse(engine, { at: url })
      const { data } = await house.ask(`GET /api/v1/orders/${order}`)
      assert.deepEqual(
        [data.subtotal, data.discount_total, data.shipping_total, data.tax_total],
        ['25.00', '0.00', '0.00', '0.00'],
      )
      assert.deepEqual([data.total_amount, data.tax_status], ['25.00', 'not_computed'])
      assert.deepEqual([data.items[0].gross_price, data.items[0].tax_amount], ['25.00', null])
      assert.deepEqual(await house.violations(), [])
    }
    await drop()
  })
})
