import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { seal, unseal } from '#platform/sealed'
import { onEveryEngine, openHouse } from '#testing'

it('a sealed text opens with its secret, and with no other', () => {
  const sealed = seal('sk_a_key', 'one secret')

  assert.equal(unseal(sealed, 'one secret'), 'sk_a_key')
  assert.ok(!sealed.includes('sk_a_key'))
  assert.throws(() => unseal(sealed, 'another secret'))
})

onEveryEngine('kept answers', (engine) => {
  it('do not show the keys and tokens that they repeat to their caller', async () => {
    await using house = await openHouse(engine)
    const email = 'ada@example.com'
    const password = 'a long enough passphrase'
    const person = { email, password, first_name: 'Ada', last_name: 'Brook' }
    const registered = await house.ask('POST /api/v1/customers/register', person, { as: 'nobody' })
    assert.equal(registered.status, 201, JSON.stringify(registered.body))
    const keyed = { as: 'nobody' as const, headers: { 'idempotency-key': 'log-me-in' } }

    const first = await house.ask('POST /api/v1/auth/login', { email, password }, keyed)
    const again = await house.ask('POST /api/v1/auth/login', { email, password }, keyed)

    assert.equal(first.status, 200, JSON.stringify(first.body))
    assert.deepEqual(again.body, first.body)
    const { rows } = await house.database.read((session) =>
      sql<{ body: string }>`select body from idempotency_keys where status = 200`.execute(
        session.kysely,
      ),
    )
    assert.equal(rows.length, 1)
    assert.ok(!rows[0]?.body.includes(first.data.access_token))
  })
})
