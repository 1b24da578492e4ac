import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addMonths, endOf } from '../months.ts'

describe('calendar months', () => {
  it('keep the day, or take the last of a shorter month', () => {
    const cases: [string, number, string][] = [
      ['2026-01-31T10:00:00.000Z', 1, '2026-02-28T10:00:00.000Z'],
      ['2028-01-31T10:00:00.000Z', 1, '2028-02-29T10:00:00.000Z'],
      ['2026-01-31T10:00:00.000Z', 2, '2026-03-31T10:00:00.000Z'],
      ['2024-02-29T00:00:00.000Z', 12, '2025-02-28T00:00:00.000Z'],
      ['2024-02-29T00:00:00.000Z', 48, '2028-02-29T00:00:00.000Z'],
      ['2026-11-30T23:59:59.999Z', 3, '2027-02-28T23:59:59.999Z'],
      ['2026-12-31T00:00:00.000Z', 600, '2076-12-31T00:00:00.000Z'],
    ]
    for (const [from, months, to] of cases) assert.equal(addMonths(from, months), to)
  })

  it('are counted from the start, so extending twice is extending by both', () => {
    const start_at = '2026-01-31T00:00:00.000Z'
    const term = { start_at, term_months: 1, fixed_end_at: null }
    assert.equal(endOf({ ...term, extended_months: 0 }), '2026-02-28T00:00:00.000Z')
    assert.equal(endOf({ ...term, extended_months: 1 }), '2026-03-31T00:00:00.000Z')
    const fixed = { start_at, term_months: null, fixed_end_at: '2026-08-31T00:00:00.000Z' }
    assert.equal(endOf({ ...fixed, extended_months: 6 }), '2027-02-28T00:00:00.000Z')
    assert.equal(endOf({ ...fixed, start_at: null, extended_months: 6 }), null)
  })
})
