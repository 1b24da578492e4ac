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
    assert.equal(index.query('sqlite', 'blue mu')?.any, '"blue" AND "mu"*')
    assert.equal(index.query('postgres', 'blue mu')?.any, "'blue' & 'mu':*")
    assert.equal(index.query('sqlite', 'mug', ['k'])?.any, '"¤6b" AND "mug"*')
    assert.equal(index.query('postgres', 'mug', ['k'])?.any, "'¤6b' & 'mug':*")
    assert.equal(index.query('sqlite', 'mug', [['k', 'l']])?.any, '("¤6b" OR "¤6c") AND "mug"*')
    assert.equal(index.query('postgres', 'mug', [['k', 'l']])?.any, "('¤6b' | '¤6c') & 'mug':*")
  })

  it('asks more and more narrowly for where the words stand', () => {
    assert.deepEqual(index.query('sqlite', 'blue mu'), {
      any: '"blue" AND "mu"*',
      anyHigh: '{name} : ("blue" AND "mu"*)',
      anyMiddle: '{name} : ("blue" AND "mu"*)',
      exact: '"blue" AND "mu"',
      exactHigh: '{name} : ("blue" AND "mu")',
      exactMiddle: '{name} : ("blue" AND "mu")',
    })
    assert.deepEqual(index.query('postgres', 'blue mu'), {
      any: "'blue' & 'mu':*",
      anyHigh: "'blue':A & 'mu':*A",
      anyMiddle: "'blue':AB & 'mu':*AB",
      exact: "'blue' & 'mu'",
      exactHigh: "'blue':A & 'mu':A",
      exactMiddle: "'blue':AB & 'mu':AB",
    })
  })

  it('holds words only, whatever is typed, and a bounded number of them', () => {
    const odd = index.query('sqlite', `x" OR "y' N(z`)?.any
    assert.equal(odd, '"x" AND "or" AND "y" AND "n" AND "z"*')
    assert.equal(index.query('postgres', `x' | y:A & !z`)?.any, "'x' & 'y' & 'a' & 'z':*")
    assert.equal(index.query('postgres', '☕ !'), undefined)
    const many = Array.from({ length: 500 }, (_, nth) => `w${nth}`).join(' ')
    assert.equal(index.query('sqlite', many)?.any.split(' AND ').length, 16)
  })
})
