import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { newId } from '#kit/ids'
import { migrate } from '#platform/database/migrate'
import { onEveryEngine, openEmptyDatabase } from '#testing'
import { modules } from '../../../modules.ts'

const NAME = '2026-11-21-89-pay-with-credit'

onEveryEngine('payments that were there before', (engine) => {
  it('survive the migration that adds payment methods, with all that names them', async () => {
    const { database, drop } = await openEmptyDatabase(engine)
    const all = modules.map(({ migrations }) => migrations)
    const before = all.map((own) =>
      Object.fromEntries(Object.entries(own).filter(([name]) => name < NAME)),
    )
    await migrate(database, before)
    const [payment, other, refund, order] = Array.from({ length: 4 }, () => newId('row', 1))
    const now = '2026-11-20T10:00:00.000Z'
    const pay = (id: string | undefined, method: string) =>
      sql`insert into payments (id, order_id, provider, method, capture_method, currency,
          amount, authorized_amount, captured_amount, voided_amount, refunded_amount,
          capture_pending_amount, void_pending_amount, refund_pending_amount, status, version,
          created_at, updated_at, processed_at)
        values (${id}, ${order}, 'test', ${method}, 'automatic', 'USD', 500, 500, 500, 0, 200,
          0, 0, 0, 'partially_refunded', 1, ${now}, ${now}, ${now})`
    const refunded = (id: string | undefined, of: string | undefined) =>
      sql`insert into refunds (id, payment_id, order_id, kind, amount, currency, status,
          created_by, created_at)
        values (${id}, ${of}, ${order}, 'external', 200, 'USD', 'succeeded', 'user:1', ${now})`
    await database.write(async ({ kysely }) => {
      await pay(payment, 'cash').execute(kysely)
      await refunded(refund, payment).execute(kysely)
    })

    await migrate(database, all)

    await database.write(async ({ kysely }) => void (await pay(other, 'gift_card').execute(kysely)))
    const { rows } = await database.read(({ kysely }) =>
      sql<object>`select p.id, p.method, p.amount, p.created_at, r.amount as refunded
        from payments as p left join refunds as r on r.payment_id = p.id order by p.id`.execute(
        kysely,
      ),
    )
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { id: payment, method: 'cash', amount: 500, created_at: now, refunded: 200 },
        { id: other, method: 'gift_card', amount: 500, created_at: now, refunded: null },
      ],
    )
    const refuses = (write: { execute: (db: never) => Promise<unknown> }) =>
      assert.rejects(database.write(({ kysely }) => write.execute(kysely as never)))
    await refuses(pay(newId('row', 2), 'seashells'))
    await refuses(refunded(newId('row', 2), newId('row', 2)))
    await database.close()
    await drop()
  })
})
