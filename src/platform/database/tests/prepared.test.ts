import assert from 'node:assert/strict'
import { it } from 'node:test'
import { prepared } from '#platform/database/prepared'
import { readAsSystem } from '#platform/execute'
import { db } from '#platform/idempotency'
import { onEveryEngine, openHouse } from '#testing'

const answered = prepared(db, (open, p: { scope: string }) =>
  open
    .selectFrom('idempotency_keys')
    .select('body')
    .where('scope', '=', p.scope)
    .where('fingerprint', '<>', "it's")
    .where('status', 'in', [200, 201])
    .where('process_key', 'is', null),
)

onEveryEngine('a prepared query', (engine) => {
  it('has what never changes in its text, and only its values beside it', async () => {
    const house = await openHouse(engine)
    const bound = await readAsSystem(house.app, async (ctx) => {
      assert.deepEqual(await answered(ctx, { scope: 'a' }), [])
      return answered.bind(ctx, { scope: 'a' })
    })
    assert.deepEqual(bound.parameters, ['a'])
    assert.match(bound.sql, /"fingerprint" <> 'it''s' and "status" in \(200, 201\)/)
    await house.close()
  })
})
