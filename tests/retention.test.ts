import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { firstId } from '#kit/ids'
import type { Database, Session } from '#platform/database/database'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'

const DAY_MS = 24 * 60 * 60 * 1000

/** Runs one schedule of the house, at the time that its clock shows. */
async function clear({ app }: House, name: string): Promise<void> {
  const schedules = app.modules.flatMap((module) => module.schedules ?? [])
  const schedule = schedules.find((one) => one.name === name)
  assert.ok(schedule, `there is no schedule ${name}`)
  await schedule.run(systemProcess(app))
}

type Row = Record<string, string | number | null>

const open = (session: Session) => session.kysely as any
const insert = (database: Database, table: string, rows: readonly Row[]) =>
  database.write((session) => open(session).insertInto(table).values(rows).execute())

/** One column of a table, in order. */
async function column(database: Database, table: string, name: string): Promise<string[]> {
  const rows: Row[] = await database.read((session) =>
    open(session).selectFrom(table).select(name).orderBy(name).execute(),
  )
  return rows.map((row) => String(row[name]))
}

// Goal: what only helps the machinery is cleared away when its time is over, and nothing of it
// while somebody needs it still. All of it in one house, one table after the other.
onEveryEngine('what is kept for a while', (engine) => {
  let ahead_ms = 0
  // Ids of one process rise, also after its clock was put back: so the second engine begins later.
  const start_ms = engine === 'sqlite' ? 0 : 5_000 * DAY_MS
  const clock = () => new Date(Date.now() + start_ms + ahead_ms)
  const at = (days: number) => new Date(clock().getTime() + days * DAY_MS).toISOString()
  let made = 0
  const idAt = (days: number) => firstId(clock().getTime() + days * DAY_MS + made++)

  it('is there until it is old and settled, and then it is not', {
    timeout: 120_000,
  }, async (t) => {
    await using house = await openHouse(engine, { clock })
    const { database } = house
    const { settings } = house.app

    await t.test('reactions of events that are delivered', async () => {
      for (const email of ['done', 'dead', 'waiting'].map((name) => `${name}@example.com`)) {
        const person = { email, first_name: 'Ada', last_name: 'Brook' }
        assert.equal((await house.ask('POST /api/v1/customers', person)).status, 201)
      }
      const events = await column(database, 'events', 'id')
      const STATUSES = ['delivered', 'failed', 'pending']
      const noted = async (event_id: string, status: string) => {
        await insert(database, 'event_reactions', [{ event_id, reaction: status, done_at: at(0) }])
        await database.write((session) =>
          sql`update events set status = ${status} where id = ${event_id}`.execute(session.kysely),
        )
      }
      for (const [nth, status] of STATUSES.entries()) await noted(events[nth] as string, status)
      const left = () => column(database, 'event_reactions', 'reaction')
      const mayClear = () => clear(house, 'platform.purge_event_reactions')
      const kept = settings.event_reactions_kept_days * DAY_MS

      ahead_ms = kept - 60_000
      await mayClear()
      assert.deepEqual(await left(), STATUSES)
      ahead_ms = kept + 60_000
      await mayClear()
      assert.deepEqual(await left(), ['failed', 'pending'], 'may be tried again')
      const trail = await column(database, 'events', 'id')
      assert.deepEqual(trail, events, 'the events themselves are the audit trail')
    })

    await t.test('webhooks of payment providers that are settled', async () => {
      const { received_webhooks_kept_days: days } = settings
      const row = (event_id: string, status: string, days_ago: number) => ({
        id: idAt(-days_ago),
        provider: 'stripe',
        event_id,
        type: 'payment.captured',
        body: '{}',
        status,
        attempts: 0,
        check_at: at(9),
        received_at: at(-days_ago),
      })
      const old = ['applied', 'superseded', 'ignored', 'parked', 'given_up']
      const rows = old.map((status) => row(status, status, days + 1))
      await insert(database, 'payment_webhooks', [...rows, row('young', 'applied', days - 1)])
      await clear(house, 'payments.purge_webhooks')
      assert.deepEqual(await column(database, 'payment_webhooks', 'event_id'), [
        'given_up',
        'parked',
        'young',
      ])
    })

    await t.test('webhooks of carriers that are settled', async () => {
      const { received_webhooks_kept_days: days } = settings
      const row = (event_id: string, status: string, days_ago: number) => ({
        id: idAt(-days_ago),
        carrier: 'easypost',
        event_id,
        type: 'tracker.updated',
        body: '{}',
        status,
        attempts: 0,
        check_at: at(9),
        received_at: at(-days_ago),
      })
      const old = ['applied', 'ignored', 'parked', 'given_up']
      const rows = old.map((status) => row(status, status, days + 1))
      await insert(database, 'tracking_webhooks', [...rows, row('young', 'applied', days - 1)])
      await clear(house, 'shipments.purge_webhooks')
      assert.deepEqual(await column(database, 'tracking_webhooks', 'event_id'), [
        'given_up',
        'parked',
        'young',
      ])
    })

    await t.test('sessions that are over', async () => {
      const { data: user } = await house.ask('POST /api/v1/users', {
        email: 'grace@example.com',
        password: 'Correct-Horse-42-Battery',
        first_name: 'Grace',
        last_name: 'Hopper',
      })
      const session = (revoked_because: string, expires: number) => ({
        id: idAt(-200),
        user_id: user.id,
        rotation: 0,
        created_at: at(-200),
        refreshed_at: at(-200),
        expires_at: at(expires),
        revoked_at: at(-200),
        revoked_because,
      })
      const days = settings.ended_sessions_kept_days
      await insert(database, 'sessions', [session('old', -days - 1), session('young', 1 - days)])
      await clear(house, 'access.purge_sessions')
      assert.deepEqual(await column(database, 'sessions', 'revoked_because'), ['young'])
    })

    await t.test('wrong codes of gift cards', async () => {
      const guess = (caller: string, hours: number) => ({
        caller,
        wrong_count: 1,
        window_started_at: at(-hours / 24),
      })
      await insert(database, 'gift_card_guesses', [guess('old', 3), guess('young', 1)])
      await clear(house, 'credit.purge_guesses')
      assert.deepEqual(await column(database, 'gift_card_guesses', 'caller'), ['young'])
    })
  })

  it('is cleared in small deletes, each a transaction of its own', async () => {
    let writes = 0
    const counting = (database: Database): Database =>
      Object.assign(Object.create(database), {
        write: ((body, isolation) => {
          writes++
          return database.write(body, isolation)
        }) as Database['write'],
      })
    await using house = await openHouse(engine, { wrap: counting })
    const rows = Array.from({ length: 1_201 }, (_, nth) => ({
      email: `guess-${String(nth).padStart(4, '0')}@example.com`,
      attempts: 1,
      window_started_at: '2020-01-01T00:00:00.000Z',
      lock_ends_at: '2020-01-01T00:00:00.000Z',
    }))
    const young = { ...rows[0], email: 'young', window_started_at: new Date().toISOString() } as Row
    await insert(house.database, 'login_attempts', [...rows, young])
    writes = 0
    await clear(house, 'access.purge_login_attempts')
    assert.equal(writes, 3)
    assert.deepEqual(await column(house.database, 'login_attempts', 'email'), ['young'])
  })
})
