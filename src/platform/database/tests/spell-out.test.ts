import assert from 'node:assert/strict'
import { it } from 'node:test'
import { spellOut } from '#platform/database/spell-out'

const inTable = (check: string) => `create table "t" ("state" text, check (${check}))`

it('a list of three values or more in a table is written out, also a denied one', () => {
  assert.equal(
    spellOut(inTable(`state in ('a', 'it''s (b)',\n 'c')`)),
    inTable(`(state = 'a' or state = 'it''s (b)' or state = 'c')`),
  )
  assert.equal(
    spellOut(inTable(`id = 1 or "state" not in ('a', 'b', 'c')`)),
    inTable(`id = 1 or ("state" <> 'a' and "state" <> 'b' and "state" <> 'c')`),
  )
})

it('shorter lists, expressions, indexes and queries stay as they are', () => {
  const kept = [
    inTable(`state in ('a', 'b')`),
    inTable(`coalesce(state, 'a') in ('a', 'b', 'c')`),
    `create index "i" on "t" ("id") where state in ('a', 'b', 'c')`,
    `update t set state = 'a' where state in ('a', 'b', 'c')`,
  ]
  for (const text of kept) assert.equal(spellOut(text), text)
})
