import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { engines, openEmptyDatabase } from '#testing'
import { openFolder } from './terminal.ts'

const COMMANDS = [
  'serve',
  'migrate',
  'seed',
  'import',
  'doctor',
  'payments',
  'backup',
  'agentic',
  'mcp',
]

describe('the command line', () => {
  it('says what there is, and more about each command', async () => {
    using folder = openFolder()
    const overview = await folder.run('--help')
    assert.equal(overview.code, 0)
    for (const command of COMMANDS) {
      assert.match(overview.out, new RegExp(`^  ${command} `, 'm'))
      const help = await folder.run(command, '--help')
      assert.equal(help.code, 0)
      assert.match(help.out, new RegExp(`^Usage: tradepost ${command}`))
      assert.deepEqual(await folder.run('help', command), help)
    }
    assert.deepEqual(await folder.run(), overview)
    assert.match((await folder.run('--version')).out, /^\d+\.\d+\.\d+/)
    assert.ok(!existsSync(join(folder.folder, 'shop.db')), 'help opens no database')
  })

  it('suggests the nearest word for one that it cannot read', async () => {
    using folder = openFolder()
    const cases: [string[], RegExp][] = [
      [['migarte', 'up'], /there is no command "migarte"; did you mean `tradepost migrate`\?/],
      [['sreve'], /did you mean `tradepost serve`\?/],
      [['qqqqqqqq'], /there is no command "qqqqqqqq"; `tradepost --help` lists them\./],
      [['seed', '--product', '5'], /there is no option --product; did you mean --products\?/],
      [['seed', '--products'], /--products wants a value/],
      [['backup'], /backup wants a word more: tradepost backup FILE \[--force\]\. /],
      [['serve', '--port', '9000'], /no option --port; it is a setting: APP__PORT=…\./],
      [['serve', '--rate-limit-enabled'], /it is a setting: APP__RATE_LIMIT_ENABLED=…\./],
      [['migrate', 'down'], /migrate knows status and up, not "down"/],
      [['seed', '--products', 'many'], /--products wants a whole number/],
      [['import', 'orders', 'x.csv'], /products and stock can be imported, not "orders"/],
      [['payments', 'list'], /payments knows reconcile, not "list"/],
      [['payments', 'reconcile', '--from', 'monday'], /--from is no instant: monday; such as 2026/],
      [['doctor', 'now'], /doctor cannot read "now"/],
    ]
    for (const [argv, expected] of cases) {
      const { code, err } = await folder.run(...argv)
      assert.equal(code, 2, argv.join(' '))
      assert.match(err, expected)
    }
  })

  it('refuses bad settings, and a place that cannot be, in one line', async () => {
    using wrong = openFolder({ APP__PROT: '1' })
    const bad = await wrong.run('doctor')
    assert.equal(bad.code, 1)
    assert.match(bad.err, /^tradepost: .*APP__PROT.*APP__PORT\?[^\n]*$/)

    using other = openFolder({ APP__DATABASE_URL: 'mysql://root:hidden@localhost/shop' })
    const unknown = await other.run('doctor')
    assert.equal(unknown.code, 1)
    assert.match(
      unknown.err,
      /APP__DATABASE_URL \(environment\) must begin with sqlite: or postgres:/,
    )
    assert.doesNotMatch(unknown.err, /hidden/)

    using nowhere = openFolder({ APP__DATABASE_URL: 'sqlite:///no/such/folder/shop.db' })
    const lost = await nowhere.run('migrate', 'up')
    assert.equal(lost.code, 1)
    assert.match(
      lost.err,
      /^tradepost: the folder \/no\/such\/folder .*does not exist; create it[^\n]*$/,
    )

    using unreachable = openFolder({
      APP__DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      APP__DB_CONNECT_TIMEOUT_SECS: '0',
    })
    const gone = await unreachable.run('migrate', 'status')
    assert.equal(gone.code, 1)
    assert.match(
      gone.err,
      /^tradepost: the database cannot be reached \([^\n]*\); start it,[^\n]*$/,
    )
  })
})

describe('migrate', () => {
  it('tells what waits, applies it once, and demands it of other commands', async () => {
    using folder = openFolder()
    const before = await folder.run('migrate', 'status')
    assert.equal(before.code, 1)
    assert.match(before.out, /^waiting {2}2026-11-21-01-create-platform$/m)
    const refused = await folder.run('doctor')
    assert.equal(refused.code, 1)
    assert.match(refused.err, /migrations wait; make a backup, then run `tradepost migrate up`\./)

    assert.match(
      (await folder.run('migrate', 'up')).out,
      /^applied {2}2026-11-21-01-create-platform$/m,
    )
    assert.match((await folder.run('migrate', 'up')).out, /Nothing waits/)
    const after = await folder.run('migrate', 'status')
    assert.equal(after.code, 0)
    assert.doesNotMatch(after.out, /waiting/)
  })

  it('notices tables that were changed by hand', async () => {
    using folder = openFolder()
    await folder.run('migrate', 'up')
    const sqlite = new DatabaseSync(join(folder.folder, 'shop.db'))
    sqlite.exec('create index by_hand on events (actor)')
    sqlite.close()
    assert.equal((await folder.run('migrate', 'status')).code, 1)
    assert.match((await folder.run('doctor')).err, /changed by hand/)
  })

  if (engines.includes('postgres')) {
    it('speaks to PostgreSQL, and says what is wrong there', async () => {
      const { database, url, drop } = await openEmptyDatabase('postgres')
      await database.close()
      using folder = openFolder({ APP__DATABASE_URL: url })
      assert.equal((await folder.run('migrate', 'up')).code, 0)
      assert.equal((await folder.run('doctor')).code, 0)
      const backup = await folder.run('backup', join(folder.folder, 'copy.db'))
      assert.equal(backup.code, 1)
      assert.match(backup.err, /pg_dump/)
      await drop()
      const missing = await folder.run('doctor')
      assert.equal(missing.code, 1)
      assert.match(missing.err, /does not exist: create it/)
    })
  }
})

describe('doctor', () => {
  it('makes no database where there is none', async () => {
    using folder = openFolder()
    for (const command of [['doctor'], ['seed'], ['payments', 'reconcile']]) {
      const { code, err } = await folder.run(...command)
      assert.equal(code, 1)
      assert.match(err, /^tradepost: there is no database \S+shop\.db yet; .*`tradepost serve`/)
    }
    assert.deepEqual(readdirSync(folder.folder), [])
  })

  it('finds what no operation could have done, and names the row', async () => {
    using folder = openFolder()
    await folder.run('migrate', 'up')
    const well = await folder.run('doctor')
    assert.equal(well.code, 0)
    assert.match(well.out, /\d+ invariants checked, 0 violations$/)

    const sqlite = new DatabaseSync(join(folder.folder, 'shop.db'))
    sqlite.exec(`insert into events values ('01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10', 'x.y', 1, 'x', 'thing',
      7, '{}', 'system', 'r', '2026-01-01T00:00:00.000Z', 'pending', 0, '2026-01-01T00:00:00.000Z', null, null, null)`)
    sqlite.exec('pragma foreign_keys = off')
    sqlite.exec(
      `insert into event_reactions values ('00000000-0000-7000-8000-000000000000', 'r', 'x')`,
    )
    sqlite.close()
    const ill = await folder.run('doctor')
    assert.equal(ill.code, 1)
    assert.match(ill.out, /^broken {2}platform: the events of one thing are numbered.*"thing"/m)
    assert.match(ill.out, /^broken {2}row \d+ of event_reactions refers to no row of events$/m)
  })
})

describe('backup', () => {
  it('copies a database whole while another connection writes to it', async () => {
    using folder = openFolder()
    await folder.run('migrate', 'up')
    const sqlite = new DatabaseSync(join(folder.folder, 'shop.db'))
    sqlite.exec('pragma synchronous = off')
    sqlite.exec('create table load (n integer, pad text)')
    const insert = sqlite.prepare('insert into load values (?, ?)')
    const pad = 'x'.repeat(1000)
    for (let n = 1; n <= 5000; n++) insert.run(n, pad)
    // Writes go on in pairs for as long as the copy takes; a copy must never hold one of a pair.
    let next = 5000
    const writing = setInterval(() => {
      sqlite.exec('begin')
      insert.run(++next, pad)
      insert.run(++next, pad)
      sqlite.exec('commit')
    }, 1)

    const file = join(folder.folder, 'copy.db')
    const copied = await folder.run('backup', file)
    clearInterval(writing)
    sqlite.close()

    assert.equal(copied.code, 0, copied.err)
    const copy = new DatabaseSync(file, { readOnly: true })
    const { count, last } = copy
      .prepare('select count(*) as count, max(n) as last from load')
      .get() as {
      count: number
      last: number
    }
    assert.equal(
      (copy.prepare('pragma integrity_check').get() as object as { integrity_check: string })
        .integrity_check,
      'ok',
    )
    copy.close()
    assert.equal(count, last)
    assert.equal(count % 2, 0)
    assert.ok(count >= 5000)

    const again = await folder.run('backup', file)
    assert.equal(again.code, 1)
    assert.match(again.err, /exists already; .*--force/)
    assert.equal((await folder.run('backup', file, '--force')).code, 0)
  })
})
