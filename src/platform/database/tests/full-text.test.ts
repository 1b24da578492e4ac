import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defineFullText, wordsOf } from '#platform/database/full-text'

describe('the words of a text', () => {
  const cases: [string, string[]][] = [
    ['Enamel Mug, 350 ml!', ['enamel', 'mug', '350', 'ml']],
    ['CAFÉ Über Straße', ['cafe', 'uber', 'straße']],
    ['ﬁne ①', ['fine', '1']],
    ['a-b_c/d', ['a', 'b', 'c', 'd']],
    ['ночь 夜 ليل', ['ночь', '夜', 'ليل']],
    ['☕ " * ¤ \u0000 \ud800', []],
    ['', []],
  ]
  for (const [text, words] of cases) {
    it(`of ${JSON.stringify(text)} are ${words.join(' ') || 'none'}`, () => {
      assert.deepEqual(wordsOf(text), words)
    })
  }

  it('are cut, so that no index refuses them', () => {
    assert.deepEqual(
      wordsOf('x'.repeat(150)).map(({ length }) => length),
      [64, 64, 22],
    )
  })
})

describe('the query for a text', () => {
  const index = defineFullText('some_search', { name: 'A', note: 'D' })

  it('asks for all words and keys, the last word perhaps unfinished', () => {
    assert.equal(index.query('sqlite', 'blue mu'), '"blue" AND "mu"*')
    assert.equal(index.query('postgres', 'blue mu'), "'blue' & 'mu':*")
    assert.equal(index.query('sqlite', 'mug', ['k']), '"¤6b" AND "mug"*')
    assert.equal(index.query('postgres', 'mug', ['k']), "'¤6b' & 'mug':*")
  })

  it('holds words only, whatever is typed, and a bounded number of them', () => {
    assert.equal(index.query('sqlite', `x" OR "y' N(z`), '"x" AND "or" AND "y" AND "n" AND "z"*')
    assert.equal(index.query('postgres', `x' | y:A & !z`), "'x' & 'y' & 'a' & 'z':*")
    assert.equal(index.query('postgres', '☕ !'), undefined)
    const many = Array.from({ length: 500 }, (_, nth) => `w${nth}`).join(' ')
    assert.equal(index.query('sqlite', many)?.split(' AND ').length, 16)
  })
})
