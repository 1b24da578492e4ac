import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { newId } from '#kit/ids'
import { migrate } from '#platform/database/migrate'
import { createDatabase, onEveryEngine, openDatabaseAt } from '#testing'
import { modules } from '../../../modules.ts'

const NAME = '2026-11-21-74-count-units'
const NOW = '2026-11-20T10:00:00.000Z'
const upTo = (isWanted: (name: string) => boolean) =>
  modules.map(({ migrations }) =>
    Object.fromEntries(Object.entries(migrations).filter(([name]) => isWanted(name))),
  )

onEveryEngine('orders that were there before units were counted', (engine) => {
  it('have counters that say what became of them, and keep all that refers to them', async () => {
    const { url, drop } = await createDatabase(engine)
    const database = openDatabaseAt(engine, url)
    await migrate(
      database,
      upTo((name) => name < NAME),
    )
    const customer = newId('customer', 1)
    const product = newId('product', 1)
    const orders = ['open', 'shipped', 'cancelled'].map(() => newId('order', 1))
    await database.write(async ({ kysely }) => {
      await sql`insert into customers (id, email, first_name, last_name, accepts_marketing, status,
          version, created_at, updated_at)
        values (${customer}, 'ada@example.com', 'Ada', 'Brook', false, 'Active', 1, ${NOW},
          ${NOW})`.execute(kysely)
      const states = [
        ['pending', 'unfulfilled', null],
        ['shipped', 'fulfilled', null],
        ['cancelled', 'unfulfilled', NOW],
      ] as const
      for (const [nth, [status, fulfilment, cancelled_at]] of states.entries()) {
        const id = orders[nth]
        const line = newId('order_line', 1)
        await sql`insert into orders (id, number, customer_id, status, payment_status,
            fulfillment_status, currency, total_amount, version, placed_at, cancelled_at,
            created_at, updated_at)
          values (${id}, ${1_000_001 + nth}, ${customer}, ${status}, 'pending', ${fulfilment},
            'USD', 2500, 1, ${NOW}, ${cancelled_at}, ${NOW}, ${NOW})`.execute(kysely)
        await sql`insert into order_lines (id, order_id, position, product_id, variant_id, sku, name,
            quantity, unit_amount, total_amount)
          values (${line}, ${id}, 1, ${product}, ${product}, 'MUG', 'A mug', 2, 1250,
            2500)`.execute(kysely)
        await sql`insert into order_discount_shares (order_id, position, discount_position,
            order_line_id, amount) values (${id}, 1, 1, ${line}, 5)`.execute(kysely)
      }
    })
    await migrate(
      database,
      upTo(() => true),
    )
    const { rows } = await database.read(({ kysely }) =>
      sql<Record<string, unknown>>`
        select o.cancelled_amount, o.return_status, l.cancelled_quantity, l.fulfilled_quantity,
          l.returned_quantity, l.cancelled_amount as of_line, s.amount
        from orders as o join order_lines as l on l.order_id = o.id
        join order_discount_shares as s on s.order_line_id = l.id order by o.number`.execute(
        kysely,
      ),
    )
    assert.deepEqual(
      rows.map((row) =>
        Object.values(row).map((value) => (value === 'none' ? value : Number(value))),
      ),
      [
        [0, 'none', 0, 0, 0, 0, 5],
        [0, 'none', 0, 2, 0, 0, 5],
        [2500, 'none', 2, 0, 0, 2500, 5],
      ],
    )
    const refused = database.write(({ kysely }) =>
      sql`update orders set fulfillment_status = 'somehow'`.execute(kysely),
    )
    await assert.rejects(refused)
    await database.write(({ kysely }) =>
      sql`update orders set fulfillment_status = 'partially_fulfilled'`.execute(kysely),
    )
    const orphans = database.write(({ kysely }) =>
      sql`delete from order_lines where order_id = ${orders[0]}`.execute(kysely),
    )
    await assert.rejects(orphans)
    await database.close()
    await drop()
  })
})
