import assert from 'node:assert/strict'
import { fdatasync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Database, Session } from '#platform/database/database'
import { LogSync, type SyncFile } from '#platform/database/log-sync'
import { openSqlite } from '#platform/database/sqlite'

/** Long enough for whoever does not wait for the disk to be through. */
const MOMENT_MS = 50

/** A disk that is done when the test says so, and with everything at its end. */
function slowDisk() {
  const waiting: { done(): void; refuse(error: Error): void }[] = []
  let isOver = false
  const syncFile: SyncFile = () =>
    new Promise((done, refuse) => {
      waiting.push({ done, refuse })
      if (isOver) done()
    })
  const over = () => {
    isOver = true
    for (const { done } of waiting) done()
  }
  return { waiting, syncFile, over }
}

async function ended(promise: Promise<unknown>): Promise<boolean> {
  const end = () => 'ended'
  const outcome = await Promise.race([promise.then(end, end), sleep(MOMENT_MS)])
  return outcome === 'ended'
}

describe('the log of SQLite', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-sync-'))
    path = join(folder, 'notes.db')
    const sqlite = new DatabaseSync(path)
    sqlite.exec('pragma journal_mode = wal; create table notes (nth integer)')
    sqlite.close()
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const insert = (database: Database, nth = 0) =>
    database.write((session) => run(session, 'insert into notes values (?)', nth))
  const run = (session: Session, sql: string, ...parameters: unknown[]) =>
    session.run<{ nth: number }>({ sql, parameters })
  const read = (database: Database) =>
    database.read(async (session) => (await run(session, 'select nth from notes')).rows.length)

  it('is on the disk before anybody hears of a commit', async () => {
    const { waiting, syncFile, over } = slowDisk()
    const database = openSqlite({ path, syncFile })
    const other = new DatabaseSync(path, { readOnly: true })
    try {
      const written = insert(database)
      while (waiting.length === 0) await sleep(1)
      assert.equal(other.prepare('select nth from notes').all().length, 1, 'it is committed')
      const refuse = async (session: Session) => {
        const { rows } = await run(session, 'select nth from notes')
        throw new Error(`refused because of ${rows.length}`)
      }
      const all = [written, read(database), database.read(refuse), database.write(refuse)]
      assert.deepEqual(await Promise.all(all.map(ended)), [false, false, false, false])
      assert.equal(waiting.length, 1)
      waiting[0]?.done()
      const [, seen, ...refused] = await Promise.allSettled(all)
      assert.deepEqual(seen, { status: 'fulfilled', value: 1 })
      const reason = new Error('refused because of 1')
      assert.deepEqual(refused, [
        { status: 'rejected', reason },
        { status: 'rejected', reason },
      ])
      assert.equal(waiting.length, 1, 'a refusal writes nothing')
      assert.equal(await read(database), 1)
    } finally {
      over()
      other.close()
      await database.close()
    }
  })

  it('is synced anew for a commit that came while a sync was running', async () => {
    const { waiting, syncFile, over } = slowDisk()
    const log = new LogSync(`${path}-wal`, syncFile)
    const writer = new DatabaseSync(path)
    try {
      writer.exec('insert into notes values (1)')
      log.committed()
      const first = log.safe() as Promise<void>
      await sleep(1)
      for (let nth = 0; nth < 3; nth++) log.committed()
      const second = log.safe() as Promise<void>
      waiting[0]?.done()
      await first
      assert.equal(await ended(second), false)
      assert.equal(waiting.length, 2, 'three commits share the second')
      waiting[1]?.done()
      await second
      assert.equal(log.safe(), undefined)
    } finally {
      over()
      await log.close()
      writer.close()
    }
  })

  it('has every row of a crowd when it is answered', async () => {
    const other = new DatabaseSync(path, { readOnly: true })
    const rows = other.prepare('select nth from notes')
    let onDisk = new Set<unknown>()
    const syncFile: SyncFile = async (file) => {
      const committed = new Set(rows.all().map(({ nth }) => nth))
      await promisify(fdatasync)(file)
      onDisk = committed
    }
    const database = openSqlite({ path, syncFile })
    try {
      const client = async (_: unknown, id: number) => {
        for (let nth = 0; nth < 20; nth++) {
          await insert(database, id * 20 + nth)
          assert.ok(onDisk.has(id * 20 + nth), `${id * 20 + nth} was answered too early`)
          if (nth % 3 === 0) {
            const seen = await read(database)
            assert.ok(seen <= onDisk.size, `${seen} were read, ${onDisk.size} are safe`)
          }
        }
      }
      await Promise.all(Array.from({ length: 12 }, client))
      assert.equal(await read(database), 240)
    } finally {
      other.close()
      await database.close()
    }
  })

  it('serves nobody any more when the disk has refused it once', async () => {
    const { waiting, syncFile, over } = slowDisk()
    const database = openSqlite({ path, syncFile })
    const other = new DatabaseSync(path, { readOnly: true })
    try {
      const written = insert(database)
      while (waiting.length === 0) await sleep(1)
      const seen = read(database)
      waiting[0]?.refuse(new Error('EIO: i/o error, fdatasync'))
      await assert.rejects(written, { code: 'DATABASE_UNAVAILABLE' })
      await assert.rejects(seen, { code: 'DATABASE_UNAVAILABLE' })
      await assert.rejects(insert(database), { code: 'DATABASE_UNAVAILABLE' })
      await assert.rejects(read(database), { code: 'DATABASE_UNAVAILABLE' })
      await assert.rejects(database.ping(), { code: 'DATABASE_UNAVAILABLE' })
      assert.equal(other.prepare('select nth from notes').all().length, 1, 'nothing came after it')
    } finally {
      over()
      other.close()
      await database.close()
    }
    const again = openSqlite({ path })
    try {
      await insert(again)
      assert.ok((await read(again)) >= 1)
    } finally {
      await again.close()
    }
  })
})
