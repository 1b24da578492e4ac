import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Database, Session } from '#platform/database/database'
import { openSqlite } from '#platform/database/sqlite'

const run = (session: Session, sql: string, ...parameters: unknown[]) =>
  session.run<{ name: string }>({ sql, parameters })

/** Commands that run in one batch, because they are asked for in one breath. */
async function together(commands: ((session: Session) => Promise<unknown>)[]) {
  const folder = mkdtempSync(join(tmpdir(), 'lane-'))
  const database: Database = openSqlite({ path: join(folder, 'lane.db'), synchronous: 'off' })
  try {
    await database.write((session) => run(session, 'create table notes (name text primary key)'))
    const ask = () => Promise.allSettled(commands.map((body) => database.write(body)))
    const first = await ask()
    const second = await ask()
    const { rows } = await database.read((session) =>
      run(session, 'select name from notes order by name'),
    )
    const states = [first, second].map((all) => all.map(({ status }) => status))
    return { states, names: rows.map(({ name }) => name) }
  } finally {
    await database.close()
    rmSync(folder, { recursive: true })
  }
}

let nth = 0
const insert = (session: Session, name: string) =>
  run(session, 'insert into notes (name) values (?)', `${name}${nth++}`)

const refuse = () => Promise.reject(new Error('refused'))
const good = (session: Session) => insert(session, 'kept')

describe('the lane of SQLite', () => {
  it('leaves nothing behind of what fails, and all of what does not', async () => {
    const ways: Record<string, (session: Session) => Promise<unknown>> = {
      'before it wrote': refuse,
      'after it read': async (session) => {
        await run(session, 'select name from notes')
        await refuse()
      },
      'after it wrote': async (session) => {
        await insert(session, 'gone')
        await refuse()
      },
      'after it wrote and read what it wrote': async (session) => {
        await run(session, `insert into notes (name) values ('gone') returning name`)
        await refuse()
      },
      'behind a with': async (session) => {
        await run(
          session,
          `with n as (select 'gone' as name) insert into notes (name) select name from n
           where true on conflict do nothing returning name`,
        )
        await refuse()
      },
      'by sending': async (session) => {
        session.send({ sql: `insert into notes (name) values ('gone')`, parameters: [] })
        await refuse()
      },
      'with a table': async (session) => {
        await run(session, 'create table gone (name text)')
        await refuse()
      },
      'by the database': async (session) => {
        await run(session, `insert into notes (name) values ('gone'), ('gone')`)
      },
    }
    for (const [way, bad] of Object.entries(ways)) {
      const { states, names } = await together([good, bad, good, bad, good])
      const wanted = ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']
      assert.deepEqual(states, [wanted, wanted], way)
      assert.equal(names.length, 6, way)
      assert.ok(
        names.every((name) => name.startsWith('kept')),
        `${way}: ${names}`,
      )
    }
  })

  it('runs a command again that stood beside one that had to be undone', async () => {
    let runs = 0
    const counted = async (session: Session) => {
      runs++
      await insert(session, 'kept')
    }
    const bad = async (session: Session) => {
      await insert(session, 'gone')
      await refuse()
    }
    const { names } = await together([counted, bad])
    assert.equal(names.length, 2)
    // Twice in the first batch; the next ones are careful, and nothing is run in vain.
    assert.equal(runs, 3)
  })
})
