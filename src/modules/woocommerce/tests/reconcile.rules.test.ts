import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Direction } from '../lifecycle.ts'
import { plainText } from '../products/text.ts'
import { reconcile } from '../reconcile.ts'

const EARLY = '2026-11-21T10:00:00.000Z'
const LATE = '2026-11-21T10:00:05.000Z'
const SAME_SECOND = '2026-11-21T10:00:00.900Z'

type Case = {
  says: string
  here: string
  there: string
  /** What both had when last in step; undefined if they never were. */
  last?: [here: string, there: string]
  at?: [here: string | null, there: string | null]
  direction?: Direction
  wins: 'here' | 'there' | 'nobody'
}

const CASES: Case[] = [
  { says: 'equal sides are left alone', here: 'A', there: 'A', wins: 'nobody' },
  {
    says: 'only our side changed, though theirs was touched later',
    here: 'B',
    there: 'A',
    last: ['A', 'A'],
    at: [EARLY, LATE],
    wins: 'here',
  },
  {
    says: 'only their side changed, though ours was touched later',
    here: 'A',
    there: 'B',
    last: ['A', 'A'],
    at: [LATE, EARLY],
    wins: 'there',
  },
  {
    says: 'neither changed: they only spell it differently',
    here: 'A',
    there: '<p>A</p>',
    last: ['A', '<p>A</p>'],
    at: [LATE, EARLY],
    wins: 'nobody',
  },
  {
    says: 'both changed, ours later',
    here: 'B',
    there: 'C',
    last: ['A', 'A'],
    at: [LATE, EARLY],
    wins: 'here',
  },
  {
    says: 'both changed, theirs later',
    here: 'B',
    there: 'C',
    last: ['A', 'A'],
    at: [EARLY, LATE],
    wins: 'there',
  },
  {
    says: 'both changed at once',
    here: 'B',
    there: 'C',
    last: ['A', 'A'],
    at: [EARLY, EARLY],
    wins: 'there',
  },
  {
    says: 'both changed within one second, which is as exact as WooCommerce is',
    here: 'B',
    there: 'C',
    last: ['A', 'A'],
    at: [SAME_SECOND, EARLY],
    wins: 'there',
  },
  {
    says: 'both changed, their time cannot be read',
    here: 'B',
    there: 'C',
    last: ['A', 'A'],
    at: [LATE, null],
    wins: 'there',
  },
  {
    says: 'both changed, our time is unknown',
    here: 'B',
    there: 'C',
    last: ['A', 'A'],
    at: [null, EARLY],
    wins: 'there',
  },
  { says: 'never in step, ours later', here: 'A', there: 'B', at: [LATE, EARLY], wins: 'here' },
  { says: 'never in step, theirs later', here: 'A', there: 'B', at: [EARLY, LATE], wins: 'there' },
  {
    says: 'told to go out, it does, although only theirs changed',
    here: 'A',
    there: 'B',
    last: ['A', 'A'],
    direction: 'to_woocommerce',
    wins: 'here',
  },
  {
    says: 'told to come in, it does, although only ours changed',
    here: 'B',
    there: 'A',
    last: ['A', 'A'],
    direction: 'from_woocommerce',
    wins: 'there',
  },
]

for (const { says, here, there, last, at = [EARLY, EARLY], direction, wins } of CASES) {
  it(`who is right: ${says}`, () => {
    const plan = reconcile({
      here: { name: here },
      there: { name: there },
      last: last ? { here: { name: last[0] }, there: { name: last[1] } } : null,
      here_at: at[0],
      there_at: at[1],
      direction: direction ?? 'bidirectional',
    })
    const expected = {
      here: { push: ['name'], pull: [] },
      there: { push: [], pull: ['name'] },
      nobody: { push: [], pull: [] },
    }
    assert.deepEqual(plan, expected[wins])
  })
}

it('facts are decided one by one, and what one side does not tell is no fact', () => {
  const plan = reconcile({
    here: { name: 'new', price: '1.00', weight: '2' },
    there: { name: 'old', price: '2.00' },
    last: {
      here: { name: 'old', price: '1.00', weight: '1' },
      there: { name: 'old', price: '1.00' },
    },
    here_at: EARLY,
    there_at: EARLY,
    direction: 'bidirectional',
  })
  assert.deepEqual(plan, { push: ['name'], pull: ['price'] })
})

it('text is read as people read it', () => {
  assert.equal(
    plainText('<p>Salt &amp; pepper<br />for two</p>\n<p>&quot;Ours&quot;</p>'),
    'Salt & pepper\nfor two\n\n"Ours"',
  )
  // Unescaped once, not twice.
  assert.equal(plainText('&amp;lt;b&amp;gt;'), '&lt;b&gt;')
})
