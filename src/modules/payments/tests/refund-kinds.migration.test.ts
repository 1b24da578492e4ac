import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { newId } from '#kit/ids'
import { migrate } from '#platform/database/migrate'
import { onEveryEngine, openEmptyDatabase } from '#testing'
import { modules } from '../../../modules.ts'

const NAME = '2026-11-21-50-name-order-refunds'

onEveryEngine('refunds that were there before', (engine) => {
  it('survive the migration that names a further kind', async () => {
    const { database, drop } = await openEmptyDatabase(engine)
    const all = modules.map(({ migrations }) => migrations)
    const before = all.map((own) =>
      Object.fromEntries(Object.entries(own).filter(([name]) => name < NAME)),
    )
    await migrate(database, before)
    const [payment, refund, order] = ['payment', 'refund', 'order'].map((kind) => newId(kind, 1))
    const now = '2026-11-20T10:00:00.000Z'
    await database.write(async ({ kysely }) => {
      await sql`insert into payments (id, order_id, provider, method, capture_method, currency,
          amount, authorized_amount, captured_amount, voided_amount, refunded_amount,
          capture_pending_amount, void_pending_amount, refund_pending_amount, status, version,
          created_at, updated_at, processed_at)
        values (${payment}, ${order}, 'test', 'cash', 'automatic', 'USD', 500, 500, 500, 0, 200,
          0, 0, 0, 'partially_refunded', 1, ${now}, ${now}, ${now})`.execute(kysely)
      await sql`insert into refunds (id, payment_id, order_id, kind, amount, currency, status,
          created_by, created_at)
        values (${refund}, ${payment}, ${order}, 'external', 200, 'USD', 'succeeded', 'user:1',
          ${now})`.execute(kysely)
    })

    await migrate(database, all)

    const { rows } = await database.read(({ kysely }) =>
      sql<object>`select id, kind, amount, created_by, created_at from refunds`.execute(kysely),
    )
    const kept = {
      id: refund,
      kind: 'external',
      amount: 200,
      created_by: 'user:1',
      created_at: now,
    }
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [kept],
    )
    await database.close()
    await drop()
  })
})
