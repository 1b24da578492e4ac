import assert from 'node:assert/strict'
import { after, before, beforeEach, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import { defineErrors } from '#kit/errors'
import type { Context } from '#platform/context'
import { ATTEMPTS_MAX, TryAgain } from '#platform/database/database'
import { defineEvents, emit } from '#platform/events'
import { onEveryEngine, openDatabaseAt } from '#testing'
import * as probes from './engines/probes.ts'

const { db, insertProbes, openProbes, probe, read, write } = probes

const refusals = defineErrors({ no: { code: 'NO', status: 422, message: 'No.' } })
const probeEvents = defineEvents('probe', {
  touched: {
    description: 'Somebody touched a probe.',
    entity: 'probe_id',
    payload: Type.Object({ probe_id: Type.String() }),
  },
})

const insertOne = (ctx: Context, name: string, n: number | null = null) =>
  insertProbes(ctx, { rows: [probe(ctx, name, { n })] })

const valueIn = async (ctx: Context, name: string): Promise<number> => {
  const row = await db(ctx).selectFrom('probes').select('n').where('name', '=', name).execute()
  return row[0]?.n ?? -1
}
const setValue = (ctx: Context, name: string, n: number) =>
  db(ctx).updateTable('probes').set({ n }).where('name', '=', name).execute()

onEveryEngine('a transaction', (engine) => {
  let house: probes.ProbeHouse
  before(async () => {
    house = await openProbes(engine)
  })
  after(() => house.close())
  beforeEach(() => probes.clear(house))

  it('is all or nothing, its events included', async () => {
    const fails = async (ctx: Context) => {
      await insertOne(ctx, 'first')
      emit(ctx, probeEvents.touched({ probe_id: ctx.newId('probe') }))
      await insertOne(ctx, 'second')
      throw refusals.no()
    }
    await assert.rejects(write(house, fails), { code: 'NO' })
    assert.deepEqual(await read(house, probes.names), [])
    assert.deepEqual(await read(house, sequences), [])
  })

  it('does not suffer from the failures of its neighbours', async () => {
    await write(house, (ctx) => insertOne(ctx, 'taken'))
    const commands = Array.from({ length: 40 }, (_, nth) =>
      write(house, async (ctx) => {
        await insertOne(ctx, `command ${nth}`)
        if (nth % 4 === 1) throw refusals.no()
        if (nth % 4 === 2) await insertOne(ctx, 'taken')
        if (nth % 4 === 3) await sleep(1)
        return nth
      }),
    )
    const answers = await Promise.allSettled(commands)
    const done = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    assert.deepEqual(
      done,
      Array.from({ length: 40 }, (_, nth) => nth).filter((nth) => nth % 4 === 0 || nth % 4 === 3),
    )
    const stored = await read(house, probes.names)
    assert.deepEqual(stored, ['taken', ...done.map((nth) => `command ${nth}`)].toSorted())
  })

  it('is never answered and lost when it ignores a statement that failed', async () => {
    await write(house, (ctx) => insertOne(ctx, 'taken'))
    const careless = write(house, async (ctx) => {
      await insertOne(ctx, 'careless')
      await insertOne(ctx, 'taken').catch(() => {})
    })
    const answered = await careless.then(
      () => true,
      () => false,
    )
    const stored = await read(house, probes.names)
    assert.equal(stored.includes('careless'), answered)
    await write(house, (ctx) => insertOne(ctx, 'after'))
  })

  it('is seen by every read that begins after its answer, on any connection', async () => {
    for (let nth = 0; nth < 50; nth++) {
      await write(house, (ctx) => insertOne(ctx, `row ${nth}`))
      const seen = await Promise.all([
        read(house, probes.names),
        read(house, probes.names, 'statement'),
        read(house, probes.names),
      ])
      assert.deepEqual(
        seen.map((rows) => rows.length),
        [nth + 1, nth + 1, nth + 1],
      )
    }
  })

  it('is answered once it is kept, however slow the one beside it is', async () => {
    const slow = write(house, async (ctx) => {
      await insertOne(ctx, 'slow')
      await sleep(30)
    })
    const fast = write(house, (ctx) => insertOne(ctx, 'fast'))
    const alsoSlow = write(house, () => sleep(30))
    await fast
    assert.ok((await read(house, probes.names)).includes('fast'))
    await Promise.all([slow, alsoSlow])
  })

  it('fails as a whole when a statement fails that nobody waited for', async () => {
    await write(house, (ctx) => insertOne(ctx, 'taken'))
    const careless = write(house, async (ctx) => {
      await insertOne(ctx, 'before')
      ctx.session.send(insertProbes.bind(ctx, { rows: [probe(ctx, 'taken')] }))
      await insertOne(ctx, 'after').catch(() => {})
      return 'done'
    })
    await assert.rejects(careless, /unique/i)
    assert.deepEqual(await read(house, probes.names), ['taken'])
    await write(house, async (ctx) =>
      ctx.session.send(insertProbes.bind(ctx, { rows: [probe(ctx, 'sent')] })),
    )
    assert.deepEqual(await read(house, probes.names), ['sent', 'taken'])
  })

  it('is not seen by a snapshot that began before it', async () => {
    await write(house, (ctx) => insertOne(ctx, 'before'))
    await read(house, async (ctx) => {
      assert.deepEqual(await probes.names(ctx), ['before'])
      await write(house, (writing) => insertOne(writing, 'meanwhile'))
      assert.deepEqual(await probes.names(ctx), ['before'])
    })
    assert.deepEqual(await read(house, probes.names), ['before', 'meanwhile'])
  })

  it('is not seen by anyone before it has come to its end', async () => {
    await write(house, async (ctx) => {
      await insertOne(ctx, 'unfinished')
      assert.deepEqual(await read(house, probes.names), [])
      assert.deepEqual(await read(house, probes.names, 'statement'), [])
    })
  })

  it('is run again when it lost a race, from the start and without a trace of the first try', async () => {
    const before = house.database.stats().retries
    let tries = 0
    const answer = await write(house, async (ctx) => {
      tries++
      await insertOne(ctx, `try ${tries}`)
      emit(ctx, probeEvents.touched({ probe_id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10' }))
      if (tries < 4) throw new TryAgain('for the test')
      return tries
    })
    assert.equal(answer, 4)
    assert.equal(house.database.stats().retries - before, 3)
    assert.deepEqual(await read(house, probes.names), ['try 4'])
    assert.deepEqual(await read(house, sequences), [1])
  })

  it('gives up with DATABASE_BUSY when it loses every race, and changes nothing', async () => {
    let tries = 0
    const always = write(house, async (ctx) => {
      tries++
      await insertOne(ctx, 'never')
      throw new TryAgain('for the test')
    })
    await assert.rejects(always, { code: 'DATABASE_BUSY', status: 503 })
    assert.equal(tries, ATTEMPTS_MAX)
    assert.deepEqual(await read(house, probes.names), [])
  })

  it('may read and then write: twelve at once count to twelve', async () => {
    await write(house, (ctx) => insertOne(ctx, 'counter', 0))
    const count = () =>
      write(house, async (ctx) => setValue(ctx, 'counter', (await valueIn(ctx, 'counter')) + 1))
    await Promise.all(Array.from({ length: 12 }, count))
    assert.equal(await read(house, (ctx) => valueIn(ctx, 'counter')), 12)
  })

  it('cannot skew what it decides on: of two that need the other to be absent, one is done', async () => {
    const onDuty = ['ada', 'ben']
    for (const name of onDuty) await write(house, (ctx) => insertOne(ctx, name, 1))
    const leave = (name: string) =>
      write(house, async (ctx) => {
        const row = await db(ctx)
          .selectFrom('probes')
          .select((eb) => eb.fn.sum<number>('n').as('total'))
          .executeTakeFirstOrThrow()
        await sleep(5)
        if (row.total < 2) throw refusals.no()
        await setValue(ctx, name, 0)
      })
    const answers = await Promise.allSettled(onDuty.map(leave))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  })

  it('that locks in a ring with another one is run again: both are done', async () => {
    for (const name of ['a', 'b']) await write(house, (ctx) => insertOne(ctx, name, 0))
    const both = (first: string, second: string) =>
      write(
        house,
        async (ctx) => {
          await addOne(ctx, first)
          await sleep(30)
          await addOne(ctx, second)
        },
        'read committed',
      )
    const started = performance.now()
    await Promise.all([both('a', 'b'), both('b', 'a')])
    assert.ok(performance.now() - started < 5_000)
    assert.deepEqual(
      await read(house, async (ctx) => [await valueIn(ctx, 'a'), await valueIn(ctx, 'b')]),
      [2, 2],
    )
  })

  it('numbers the events of one entity without a hole, however many write at once', async () => {
    const probe_id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
    const touch = (nth: number) =>
      write(
        house,
        async (ctx) => {
          emit(ctx, probeEvents.touched({ probe_id }))
          emit(ctx, probeEvents.touched({ probe_id }))
          await insertOne(ctx, `toucher ${nth}`)
          if (nth % 5 === 0) throw refusals.no()
        },
        'read committed',
      )
    const answers = await Promise.allSettled(Array.from({ length: 15 }, (_, nth) => touch(nth)))
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 12)
    assert.deepEqual(
      await read(house, sequences),
      Array.from({ length: 24 }, (_, nth) => nth + 1),
    )
  })

  it('announces after its commit, to every process, and nothing if it fails', async () => {
    const other = openDatabaseAt(engine, house.url)
    try {
      const heard: string[] = []
      const own: string[] = []
      other.announcements.listen((topic) => heard.push(topic))
      house.database.announcements.listen((topic) => own.push(topic))
      await until(() => other.announcements.connected && house.database.announcements.connected)
      own.length = heard.length = 0
      const seen = other.foreignChanges()
      await assert.rejects(
        write(house, async (ctx) => {
          await ctx.announce('failed')
          throw refusals.no()
        }),
      )
      await write(house, async (ctx) => {
        await ctx.announce('done')
        await insertOne(ctx, 'row')
        await sleep(20)
        assert.deepEqual([...heard, ...own], [])
      })
      await until(() => own.length > 0)
      assert.deepEqual(own, ['done'])
      // SQLite has no way to tell another process; there the count of foreign commits tells it.
      if (engine === 'sqlite') assert.notEqual(other.foreignChanges(), seen)
      else await until(() => heard.length > 0)
      if (engine === 'postgres') assert.deepEqual(heard, ['done'])
    } finally {
      await other.close()
    }
  })
})

const addOne = (ctx: Context, name: string) =>
  db(ctx)
    .updateTable('probes')
    .set((eb) => ({ n: eb('n', '+', 1) }))
    .where('name', '=', name)
    .execute()

async function sequences(ctx: Context): Promise<number[]> {
  const statement = { sql: 'select sequence from events order by sequence', parameters: [] }
  const { rows } = await ctx.session.run<{ sequence: number }>(statement)
  return rows.map(({ sequence }) => sequence)
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    assert.ok(waited < 5_000, 'waited for nothing')
    await sleep(10)
  }
}
