import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Context } from '#platform/context'
import type { Database } from '#platform/database/database'
import { engines, openDatabaseAt } from '#testing'
import * as probes from './engines/probes.ts'

const { appOn, insertProbes, openProbes, probe, read, write } = probes

const insertOne = (ctx: Context, name: string) => insertProbes(ctx, { rows: [probe(ctx, name)] })

const UNAVAILABLE = { code: 'DATABASE_UNAVAILABLE', status: 503 }

// PostgreSQL is another machine: it may go away at any moment of a command. SQLite's file may fill
// its disk, which is the same thing: the transaction ends from the other side.
if (engines.includes('postgres')) {
  describe('a PostgreSQL that goes away', () => {
    it('in mid command: an honest 503, nothing half done, and the next call works', async () => {
      await using house = await openProbes('postgres')
      const command = write(house, async (ctx) => {
        await insertOne(ctx, 'half')
        await kill(house.url, [await pidOf(ctx)])
        await insertOne(ctx, 'other half')
      })
      await assert.rejects(command, UNAVAILABLE)
      assert.deepEqual(await read(house, probes.names), [])
      await write(house, (ctx) => insertOne(ctx, 'next'))
      assert.deepEqual(await read(house, probes.names), ['next'])
    })

    it('while a statement runs, and right before the commit', async () => {
      await using house = await openProbes('postgres')
      const waiting = write(house, async (ctx) => {
        await insertOne(ctx, 'half')
        const pid = await pidOf(ctx)
        const slow = ctx.session.run({ sql: 'select pg_sleep(10)', parameters: [] })
        setTimeout(() => void kill(house.url, [pid]), 30)
        await slow
      })
      await assert.rejects(waiting, UNAVAILABLE)
      const committing = write(house, async (ctx) => {
        await insertOne(ctx, 'uncommitted')
        await kill(house.url, [await pidOf(ctx)])
      })
      await assert.rejects(committing, UNAVAILABLE)
      assert.deepEqual(await read(house, probes.names), [])
    })

    it('while reading: a 503, on a snapshot and without one', async () => {
      await using house = await openProbes('postgres')
      for (const consistency of ['snapshot', 'statement'] as const) {
        const reading = async (ctx: Context) => {
          await kill(house.url, [await pidOf(ctx)])
          return probes.names(ctx)
        }
        await assert.rejects(read(house, reading, consistency), UNAVAILABLE)
        assert.deepEqual(await read(house, probes.names, consistency), [])
      }
    })

    it('while nobody asks: idle connections are replaced unnoticed', async () => {
      await using house = await openProbes('postgres')
      await Promise.all(Array.from({ length: 8 }, () => read(house, probes.names)))
      await killAll(house.url)
      await sleep(50)
      const answers = Array.from({ length: 8 }, (_, nth) =>
        write(house, (ctx) => insertOne(ctx, `row ${nth}`)),
      )
      await Promise.all(answers)
      assert.equal((await read(house, probes.names)).length, 8)
    })

    it('again and again under load: every answer is true, whatever it was', async () => {
      await using house = await openProbes('postgres')
      let open = true
      const killer = (async () => {
        while (open) {
          await sleep(25)
          await killAll(house.url)
        }
      })()
      const done: string[] = []
      const worker = async (nth: number) => {
        for (let turn = 0; turn < 40; turn++) {
          const name = `row ${nth} ${turn}`
          try {
            await write(house, (ctx) => insertOne(ctx, name), 'read committed')
            done.push(name)
          } catch (error) {
            assert.equal((error as { code?: string }).code, UNAVAILABLE.code, String(error))
          }
        }
      }
      await Promise.all(Array.from({ length: 6 }, (_, nth) => worker(nth)))
      open = false
      await killer
      // The last kill may have left connections whose end is noticed only when they are used.
      for (let nth = 0; nth < 8; nth++) await house.database.ping().catch(() => {})
      const stored = new Set(await read(house, probes.names))
      assert.deepEqual(
        done.filter((name) => !stored.has(name)),
        [],
      )
      assert.ok(done.length > 0)
    })

    it('leaves no connection behind: the pool is whole afterwards', async () => {
      await using house = await openProbes('postgres')
      for (let nth = 0; nth < 20; nth++) {
        const dying = write(house, async (ctx) => kill(house.url, [await pidOf(ctx)]))
        await assert.rejects(dying, UNAVAILABLE)
      }
      assert.equal(house.database.stats().active, 0)
    })

    it('is told of by a ping, and a ping answers again when it is back', async () => {
      const nowhere = openDatabaseAt('postgres', 'postgres://postgres@127.0.0.1:1/none', {
        acquire_timeout_ms: 500,
      })
      try {
        await assert.rejects(nowhere.ping(), UNAVAILABLE)
        await assert.rejects(
          nowhere.write(async () => {}),
          UNAVAILABLE,
        )
      } finally {
        await nowhere.close()
      }
    })

    it('has no connection free in time: a 503 instead of a queue without end', async () => {
      await using house = await openProbes('postgres')
      const narrow = narrowed(house.url, { connections_max: 1, acquire_timeout_ms: 100 })
      try {
        await narrow.write(async () => {
          await assert.rejects(
            narrow.read(async () => {}),
            UNAVAILABLE,
          )
        })
        await narrow.ping()
      } finally {
        await narrow.close()
      }
    })

    it('takes too long for a statement: a 503, nothing changed, and the lock is free', async () => {
      await using house = await openProbes('postgres')
      const narrow = narrowed(house.url, { statement_timeout_ms: 150 })
      try {
        const slow = write({ app: appOn(narrow) }, async (ctx) => {
          await insertOne(ctx, 'slow')
          await ctx.session.run({ sql: 'select pg_sleep(5)', parameters: [] })
        })
        await assert.rejects(slow, { code: 'DATABASE_BUSY', status: 503 })
        await write({ app: appOn(narrow) }, (ctx) => insertOne(ctx, 'slow'))
        assert.deepEqual(await read(house, probes.names), ['slow'])
      } finally {
        await narrow.close()
      }
    })
  })
}

if (engines.includes('sqlite')) {
  describe('a SQLite file that can no longer be written', () => {
    it('fills its disk: nobody of that batch is told that it is done, and it recovers', async () => {
      await using house = await openProbes('sqlite')
      await limitPages(house.database, 'current')
      const commands = Array.from({ length: 20 }, (_, nth) =>
        write(house, (ctx) => insertOne(ctx, `${nth} ${'x'.repeat(20_000)}`)),
      )
      const answers = await Promise.allSettled(commands)
      const done = answers.flatMap(({ status }, nth) => (status === 'fulfilled' ? [nth] : []))
      const stored = (await read(house, probes.names)).map((name) => Number(name.split(' ')[0]))
      assert.ok(done.length < 20, 'the disk was never full')
      assert.deepEqual(stored.toSorted(ascending), done)
      await limitPages(house.database, 'none')
      await write(house, (ctx) => insertOne(ctx, 'next'))
      assert.ok((await read(house, probes.names)).includes('next'))
    })

    it('rolls back by itself in mid batch: everyone in it hears 503, and the next is served', async () => {
      await using house = await openProbes('sqlite')
      await house.database.write((session) =>
        session.run({
          sql: `create trigger gone before insert on probes when new.name = 'gone'
            begin select raise(rollback, 'the disk is gone'); end`,
          parameters: [],
        }),
      )
      const names = ['before', 'gone', 'after']
      const answers = await Promise.allSettled(
        names.map((name) => write(house, (ctx) => insertOne(ctx, name))),
      )
      const codes = answers.map((answer) => (answer as PromiseRejectedResult).reason?.code)
      assert.deepEqual(codes, Array(3).fill(UNAVAILABLE.code))
      assert.deepEqual(await read(house, probes.names), [])
      await write(house, (ctx) => insertOne(ctx, 'next'))
      assert.deepEqual(await read(house, probes.names), ['next'])
    })
  })
}

const ascending = (a: number, b: number) => a - b

function narrowed(url: string, limits: Parameters<typeof openDatabaseAt>[2]): Database {
  return openDatabaseAt('postgres', url, limits)
}

/** Lets the file grow no further than it is now, or as it likes. */
async function limitPages(database: Database, most: 'current' | 'none'): Promise<void> {
  await database.write(async (session) => {
    const { rows } = await session.run<{ page_count: number }>({
      sql: 'pragma page_count',
      parameters: [],
    })
    const pages = most === 'current' ? (rows[0]?.page_count ?? 0) + 10 : 1_000_000
    await session.run({ sql: `pragma max_page_count = ${pages}`, parameters: [] })
  })
}

async function pidOf(ctx: Context): Promise<number> {
  const statement = { sql: 'select pg_backend_pid() as pid', parameters: [] }
  const { rows } = await ctx.session.run<{ pid: number }>(statement)
  return rows[0]?.pid as number
}

async function kill(url: string, pids: readonly number[]): Promise<void> {
  await asAdministrator(url, 'select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [
    pids,
  ])
}

/** Ends every connection to this database but the one that asks for it. */
const killAll = (url: string) =>
  asAdministrator(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database()
        and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    [],
  )

async function asAdministrator(url: string, sql: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql, values)
  await client.end()
}
