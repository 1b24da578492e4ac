import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Checkpoints } from '#platform/database/checkpoints'
import { openSqlite } from '#platform/database/sqlite'

const PAGE_BYTES = 4096
/** What the log may come to: where it begins anew, and what is written while it is copied. */
const LOG_PAGES_MAX = 24_000
const ROWS_AT_ONCE = 500
const WAIT_MS = 20_000
/** Three times what the log holds before it begins anew. */
const PAGES_BEFORE_DEATH = 48_000

describe('checkpoints of SQLite', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'checkpoints-'))
    path = join(folder, 'pages.db')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('keep the log short and copy before it is full, while commands go on', async () => {
    const database = openSqlite({ path, synchronous: 'off' })
    try {
      await database.write((session) =>
        session.run({ sql: 'create table pages (nth integer, text text)', parameters: [] }),
      )
      const text = 'x'.repeat(4000)
      const write = (pages: number) =>
        database.write(async (session) => {
          for (let nth = 0; nth < pages; nth++) {
            session.send({ sql: 'insert into pages values (?, ?)', parameters: [nth, text] })
          }
        })
      await write(5000)
      const copied = async () => {
        // Only the thread can: the log is far from where the writer lends a hand.
        for (const until = Date.now() + WAIT_MS; Date.now() < until; await sleep(10)) {
          if (statSync(path).size > 4000 * PAGE_BYTES) return true
        }
        return false
      }
      assert.ok(await copied(), 'nothing was copied from the log')
      for (let nth = 0; nth < 120; nth++) {
        await write(ROWS_AT_ONCE)
        await sleep(2)
      }
      const { size } = statSync(`${path}-wal`)
      assert.ok(size < LOG_PAGES_MAX * PAGE_BYTES, `the log has ${size} bytes`)
      const { rows } = await database.read((session) =>
        session.run<{ n: number }>({ sql: 'select count(*) as n from pages', parameters: [] }),
      )
      assert.equal(rows[0]?.n, 5000 + 120 * ROWS_AT_ONCE)
    } finally {
      await database.close()
    }
  })

  it("are the writer's again where the thread fails", async () => {
    const writer = new DatabaseSync(path)
    try {
      writer.exec('pragma journal_mode = wal; pragma synchronous = off; create table pages (text)')
      const nowhere = join(folder, 'nowhere', 'pages.db')
      const checkpoints = new Checkpoints({ path: nowhere, synchronous: 'off', writer })
      const warned = once(process, 'warning')
      const insert = writer.prepare('insert into pages values (?)')
      writer.exec('begin')
      for (let nth = 0; nth < 5000; nth++) insert.run('x'.repeat(4000))
      writer.exec('commit')
      checkpoints.committed()
      const [{ message }] = (await warned) as [Error]
      assert.match(message, /is copied by its writer/)
      for (let nth = 0; nth < 3; nth++) {
        writer.exec('begin')
        for (let row = 0; row < 6000; row++) insert.run('x'.repeat(4000))
        writer.exec('commit')
        checkpoints.committed()
      }
      assert.ok(statSync(path).size > 16_000 * PAGE_BYTES, 'nothing was copied from the log')
      await checkpoints.close()
    } finally {
      writer.close()
    }
  })

  it('lose nothing when the process is killed among them', { timeout: 120_000 }, async () => {
    const writer = spawn(process.execPath, [
      join(import.meta.dirname, 'write-until-killed.ts'),
      path,
    ])
    let safe = 0
    writer.stdout.on('data', (said: Buffer) => {
      safe = Number(said.toString().trim().split('\n').at(-1))
      if (safe > PAGES_BEFORE_DEATH + Math.random() * 8000) writer.kill('SIGKILL')
    })
    await once(writer, 'exit')
    assert.ok(safe > PAGES_BEFORE_DEATH, `it ended by itself after ${safe} rows`)
    const database = new DatabaseSync(path)
    try {
      assert.deepEqual(
        { ...database.prepare('pragma integrity_check').get() },
        { integrity_check: 'ok' },
      )
      const found = database
        .prepare('select count(*) as n, sum(text glob nth || ?) as whole from pages')
        .get('x*') as { n: number; whole: number }
      assert.ok(found.n >= safe, `${safe} rows were safe, ${found.n} are there`)
      assert.equal(found.whole, found.n)
    } finally {
      database.close()
    }
  })
})
