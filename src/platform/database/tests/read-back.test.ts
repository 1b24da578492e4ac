import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QueryStats } from '#platform/database/query-stats'
import { readBackOf } from '#platform/database/read-back'
import { SqliteConnection } from '#platform/database/sqlite-connection'

const NOTES = `create table notes (id text primary key, number integer not null,
  is_read boolean not null default false, said json_text)`

describe('an insert that answers columns', () => {
  it('of one row is read back by its rowid', () => {
    assert.deepEqual(
      readBackOf(
        `insert into "notes" ("id", "number") values (?, coalesce((select max(number) from "notes"), 0) + 1) on conflict do nothing returning "number", "id"`,
      ),
      {
        insert: `insert into "notes" ("id", "number") values (?, coalesce((select max(number) from "notes"), 0) + 1) on conflict do nothing`,
        query: 'select "number", "id" from "notes" where rowid = ?',
      },
    )
    assert.ok(readBackOf(`insert into notes (id, number) values (')', ?) returning id`))
  })

  it('of more rows, of a query, or that may update another row is left as it is', () => {
    const left = [
      'insert into "notes" ("id") values (?), (?) returning "id"',
      'insert into "notes" ("id") select value from json_each(?) where true returning "id"',
      'insert into "notes" ("id") values (?) on conflict ("id") do update set "id" = ? returning "id"',
      'insert into "notes" ("id") values (?) returning max("id")',
      'insert into "notes" ("id") values (?)',
      'with n as (select 1) insert into "notes" ("id") values (?) returning "id"',
      'update "notes" set "id" = ? returning "id"',
    ]
    for (const text of left) assert.equal(readBackOf(text), undefined, text)
  })

  it('answers what the row holds, and nothing where there was one already', () => {
    const connection = new SqliteConnection(':memory:', [], new QueryStats())
    try {
      connection.runNow({ sql: NOTES, parameters: [] })
      const insert = (id: string, engine = connection) =>
        engine.runNow({
          sql: `insert into "notes" ("id", "number", "is_read", "said") values (?, coalesce((select max(number) from "notes"), 9) + 1, ?, ?) on conflict do nothing returning "number", "is_read", "said"`,
          parameters: [id, true, { words: ['one'] }],
        })
      const row = { number: 10, is_read: true, said: { words: ['one'] } }
      assert.deepEqual(insert('a'), { rows: [row], affected: 1 })
      assert.deepEqual(insert('b'), { rows: [{ ...row, number: 11 }], affected: 1 })
      assert.deepEqual(insert('a'), { rows: [], affected: 0 })
      assert.equal(connection.writes, 4)
    } finally {
      connection.close()
    }
  })

  it('answers also where rows have no rowid', () => {
    const connection = new SqliteConnection(':memory:', [], new QueryStats())
    try {
      connection.runNow({ sql: `${NOTES} without rowid`, parameters: [] })
      const sql = 'insert into "notes" ("id", "number") values (?, ?) returning "number"'
      const answer = connection.runNow({ sql, parameters: ['a', 3] })
      assert.deepEqual(answer, { rows: [{ number: 3 }], affected: 1 })
    } finally {
      connection.close()
    }
  })
})
